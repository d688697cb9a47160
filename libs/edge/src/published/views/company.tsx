import { DataTable, type Fact, Facts, useFormats, useLang, useWords } from '@kyoka/pages';
import { type Policy, policyDiff, type PolicyDifference } from '@kyoka/policy';
import type { VNode } from 'preact';
import type { PublishedPolicy, PublishedVersion } from '../ports.js';
import { NOTICE_WORDS } from '../words/lists.js';
import { DUTY_TEXTS, PUBLISHED } from '../words/page.js';
import { Named, NOTHING, Own, purposesNamed, Unstated } from './parts.js';

/** Who is responsible, and whom to ask (APPI Art. 32(1)): what the law wants said is missed aloud. */
export function Contact({ policy }: Pick<PublishedPolicy, 'policy'>): VNode {
  const say = useWords(DUTY_TEXTS);
  const { controller } = policy;
  const stated = (value: string | null | undefined) =>
    value ? <Own en={value} /> : <Unstated policy={policy} />;
  const facts: Fact[] = [
    [say('controller'), stated(controller?.name)],
    [say('address'), stated(controller?.address)],
    [say('representative'), stated(controller?.representative)],
  ];
  if (controller?.manager) facts.push([say('manager'), <Own en={controller.manager} />]);
  if (controller?.accredited_body)
    facts.push([say('body'), <Own en={controller.accredited_body} />]);
  const { name, phone, email, address } = controller?.desk ?? {};
  facts.push([
    say('desk'),
    (phone ?? email ?? address) ? (
      <ul class="plain">
        {name && (
          <li>
            <Own en={name} />
          </li>
        )}
        {phone && (
          <li>
            {say('phone')}: <a href={`tel:${phone}`}>{phone}</a>
          </li>
        )}
        {email && (
          <li>
            {say('email')}: <a href={`mailto:${email}`}>{email}</a>
          </li>
        )}
        {address && (
          <li>
            <Own en={address} />
          </li>
        )}
      </ul>
    ) : (
      <Unstated policy={policy} />
    ),
  ]);
  return <Facts facts={facts} />;
}

/** What the policy says besides, in its own words. */
export function More({ policy }: Pick<PublishedPolicy, 'policy'>): VNode {
  const say = useWords(DUTY_TEXTS);
  return (
    <>
      {policy.statements !== undefined && <Named items={policy.statements} />}
      {policy.calls !== undefined && <p>{say('callsText')}</p>}
    </>
  );
}

/** Every version that is or was in force, and what each changed. */
export function History({ policy, versions }: Pick<PublishedPolicy, 'policy' | 'versions'>): VNode {
  const say = useWords(DUTY_TEXTS);
  const page = useWords(PUBLISHED);
  const lang = useLang();
  const { day } = useFormats();
  const { change_notice: notice } = policy.policy;
  return (
    <>
      <DataTable
        caption={say('history')}
        rows={versions}
        columns={[
          {
            title: page('version'),
            names: true,
            cell: ({ policy: { policy: one }, key, readable }) => {
              const name = page('versionNumber', { version: one.version });
              return readable ? <a href={`/policy/${key}/text`}>{name}</a> : name;
            },
          },
          {
            title: page('textDate'),
            cell: ({ policy: { policy: one } }) =>
              one.text_date === null ? NOTHING : day(one.text_date),
          },
          { title: say('when'), cell: (version) => <Period version={version} /> },
          {
            title: say('changed'),
            cell: (version) => (
              <Changes version={version} older={versions[versions.indexOf(version) + 1]} />
            ),
          },
          {
            title: say('hash'),
            cell: ({ policy: { policy: one } }) =>
              one.text === undefined ? NOTHING : <code>{one.text.sha256}</code>,
          },
        ]}
      />
      {notice !== undefined && (
        <p>
          {say('notices')}: {NOTICE_WORDS[notice][lang]}
        </p>
      )}
    </>
  );
}

function Period({ version }: { readonly version: PublishedVersion }): VNode {
  const say = useWords(DUTY_TEXTS);
  const { day } = useFormats();
  const { inForce, since, until } = version;
  if (inForce) return <>{say('since', { from: day(since) })}</>;
  return <>{say('period', { from: day(since), until: day(until ?? since) })}</>;
}

function Changes({
  version,
  older,
}: {
  readonly version: PublishedVersion;
  readonly older: PublishedVersion | undefined;
}): VNode {
  const say = useWords(DUTY_TEXTS);
  const lang = useLang();
  if (older === undefined) return <>{say('first')}</>;
  const { purposes, recipients, ...rest } = policyDiff(older.policy, version.policy);
  const lines = [
    ...(purposes.gained.length > 0
      ? [say('gained', { list: purposesNamed(version.policy, purposes.gained, lang) })]
      : []),
    ...(purposes.lost.length > 0
      ? [say('lost', { list: purposesNamed(older.policy, purposes.lost, lang) })]
      : []),
    ...(recipients.gained.length > 0
      ? [say('gained', { list: companies(version.policy, recipients.gained, lang) })]
      : []),
    ...(recipients.lost.length > 0
      ? [say('lost', { list: companies(older.policy, recipients.lost, lang) })]
      : []),
    ...(others(rest, purposes) > 0 ? [say('otherChange', { count: others(rest, purposes) })] : []),
  ];
  return (
    <ul class="plain">
      {(lines.length > 0 ? lines : [say('wording')]).map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

const companies = (policy: Policy, ids: readonly string[], lang: 'ja' | 'en'): string =>
  ids
    .map((id) => policy.ad_matching?.recipients.find((one) => one.id === id)?.name ?? id)
    .join(PUBLISHED.and[lang]);

/** Changes that no line names: grants of a purpose that both versions have, channels, terms. */
function others(
  { grants, channels, clocks }: Omit<PolicyDifference, 'purposes' | 'recipients'>,
  { gained, lost }: PolicyDifference['purposes'],
): number {
  const named = new Set([...gained, ...lost]);
  return [
    ...[...grants.gained, ...grants.lost].filter(({ purpose }) => !named.has(purpose)),
    ...channels.gained,
    ...channels.lost,
    ...clocks.gained,
    ...clocks.lost,
  ].length;
}
