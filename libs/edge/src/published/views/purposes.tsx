import { CHANNELS } from '@kyoka/kernel';
import {
  CHANNEL_WORDS,
  DataTable,
  type Fact,
  Facts,
  type Lang,
  speak,
  useLang,
  useWords,
} from '@kyoka/pages';
import { type PurposeUse, type UseBasis, usesOf } from '@kyoka/policy';
import type { VNode } from 'preact';
import type { PublishedPolicy } from '../ports.js';
import { SOURCE_KIND_WORDS } from '../words/lists.js';
import { PUBLISHED, USE_TEXTS } from '../words/page.js';
import { Clause, labelOf, Own, purposesNamed, wordsOf } from './parts.js';

/** What the data of each kind of person is used for, and by which way it reaches them. */
export function Purposes({ policy, legal }: Pick<PublishedPolicy, 'policy' | 'legal'>): VNode {
  const say = useWords(USE_TEXTS);
  const page = useWords(PUBLISHED);
  const lang = useLang();
  return (
    <>
      <p>{say('purposesLead')}</p>
      {policy.categories.map((category) => (
        <DataTable
          key={category.id}
          caption={labelOf(category, lang)}
          empty={`${labelOf(category, lang)}: ${say('noUse')}`}
          rows={usesOf(policy, legal, category.id)}
          columns={[
            {
              title: say('purpose'),
              names: true,
              cell: (use) => <Purpose {...use} />,
            },
            {
              title: say('contactBy'),
              cell: ({ purpose, on }) => (
                <ul class="plain">
                  {waysOf(purpose.kind, on, lang).map((way) => (
                    <li key={way}>{way}</li>
                  ))}
                </ul>
              ),
            },
            { title: page('clause'), cell: ({ grant }) => <Clause clause={grant.clause} /> },
          ]}
        />
      ))}
    </>
  );
}

function Purpose({ purpose }: PurposeUse): VNode {
  const say = useWords(USE_TEXTS);
  const owners = purpose.kind === 'marketing' ? (purpose.owner ?? []) : [];
  const notes = [
    ...(owners.includes('partner') ? [say('offersPartner')] : []),
    ...(owners.includes('third_party') ? [say('offersThirdParty')] : []),
    ...(purpose.individually_accepted === true ? [say('individually')] : []),
  ];
  return (
    <>
      <Own en={purpose.label} ja={purpose.label_ja} />
      {notes.map((note) => (
        <span key={note} class="aside">
          {note}
        </span>
      ))}
    </>
  );
}

const BASES = ['opt_in', 'own_consent', 'clause', 'recipient'] as const;
const WORD = { clause: 'clauseBasis' } as const;

/** By which ways a purpose may reach somebody, one line for each thing that the ways rest on. */
function waysOf(kind: PurposeUse['purpose']['kind'], on: PurposeUse['on'], lang: Lang): string[] {
  const say = speak(USE_TEXTS, lang);
  const restingOn = (basis: UseBasis) => CHANNELS.filter((channel) => on[channel] === basis);
  const ways = BASES.flatMap((basis) => {
    const channels = restingOn(basis);
    return channels.length === 0
      ? []
      : [
          say(basis === 'clause' ? WORD.clause : basis, {
            channels: wordsOf(CHANNEL_WORDS, channels, lang),
          }),
        ];
  });
  if (restingOn('free').length > 0) ways.push(say('free'));
  return ways.length > 0 || kind === 'transaction' ? ways : [say('noContact')];
}

/** Where data comes from, and what has to come first. */
export function Acquisition({ policy }: Pick<PublishedPolicy, 'policy'>): VNode {
  const say = useWords(USE_TEXTS);
  const lang = useLang();
  const { form_abandoned: form, confirmed_contact: confirmed, optional_entry: entry } = policy;
  const kinds = [...new Set(policy.sources.map(({ kind }) => kind))].filter(
    (kind) => kind !== 'import' && (kind !== 'form_abandoned' || form?.use === true),
  );
  const facts: Fact[] = [
    [
      say('from'),
      <ul>
        {kinds.map((kind) => (
          <li key={kind}>{speak(SOURCE_KIND_WORDS, lang)(kind)}</li>
        ))}
      </ul>,
    ],
    [say('before'), say(policy.consent_at_acquisition === 'consent' ? 'consent' : 'notice')],
  ];
  if (form?.use === true)
    facts.push([
      say('abandoned'),
      say('abandonedText', {
        purposes: purposesNamed(policy, form.purposes, lang),
        days: form.keep_days,
      }),
    ]);
  if (confirmed !== undefined)
    facts.push([
      say('confirmed'),
      say('confirmedText', { channels: wordsOf(CHANNEL_WORDS, confirmed, lang) }),
    ]);
  if (entry !== undefined)
    facts.push([say('voluntary'), <Own en={entry.label} ja={entry.label_ja} />]);
  return <Facts facts={facts} />;
}

/** How long data is kept and what goes on after a cancellation, as far as the policy says so. */
export function Keeping({ policy }: Pick<PublishedPolicy, 'policy'>): VNode {
  const say = useWords(USE_TEXTS);
  const lang = useLang();
  const { retention, consents, use_limits: limits } = policy;
  const after =
    policy.after_cancellation ??
    policy.purposes.filter((one) => one.needed_after_cancellation === true).map(({ id }) => id);
  const facts: Fact[] = [];
  if (retention !== null)
    facts.push([
      say('keepDays'),
      retention.default_days === null
        ? say('forGood')
        : say('days', { days: retention.default_days }),
    ]);
  for (const { purpose, source, days } of retention?.rules ?? []) {
    const what = purpose === undefined ? (source ?? '') : purposesNamed(policy, [purpose], lang);
    facts.push([say('keepRule', { what }), say('days', { days })]);
  }
  if (consents !== undefined)
    facts.push([say('consentsValid'), say('months', { months: consents.valid_months })]);
  if (limits !== undefined)
    facts.push([
      say('useLimit'),
      limits.max_days === undefined
        ? say('useLimitText')
        : say('useLimitDays', { days: limits.max_days }),
    ]);
  facts.push([
    say('afterCancellation'),
    after.length === 0 ? (
      say('noneAfter')
    ) : (
      <ul>
        {after.map((id) => (
          <li key={id}>{purposesNamed(policy, [id], lang)}</li>
        ))}
      </ul>
    ),
  ]);
  return <Facts facts={facts} />;
}
