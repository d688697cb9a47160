import { CHANNELS } from '@kyoka/kernel';
import {
  CHANNEL_WORDS,
  DataTable,
  type Fact,
  Facts,
  Section,
  speak,
  useFormats,
  useLang,
  useWords,
} from '@kyoka/pages';
import { usesOf } from '@kyoka/policy';
import type { VNode } from 'preact';
import type { PolicyOnRecord } from '../read/policies.js';
import { articleText, floorText } from '../words/floor.js';
import { MISSING_WORDS, POLICIES } from '../words/policies.js';
import { ConsolePage, type Reader } from './console-page.js';
import { State } from './policies.js';

/** One version: what it lacks, where the law's floor is applied, and what may be done under it. */
export function PolicyRecordPage(props: Reader & { readonly version: PolicyOnRecord }): VNode {
  const { version, ...reader } = props;
  const say = speak(POLICIES, reader.lang);
  const { key } = version;
  return (
    <ConsolePage {...reader} place="policies" path={`/policies/${key}`} title={key}>
      <Identity version={version} />
      <Section id="missing" title={say('missing')}>
        <p>{say('missingLead')}</p>
        <Missing version={version} />
      </Section>
      <Section id="weaker" title={say('weaker')}>
        <p>{say('weakerLead')}</p>
        <Weaker version={version} />
      </Section>
      <Section id="uses" title={say('uses')}>
        <p>{say('usesLead')}</p>
        <Uses version={version} />
      </Section>
    </ConsolePage>
  );
}

type Shown = { readonly version: PolicyOnRecord };

function Identity({ version }: Shown): VNode {
  const say = useWords(POLICIES);
  const lang = useLang();
  const { day } = useFormats();
  const { key, state, inForce, deployed, policy } = version;
  const { title, title_ja: ja, text_date: date, text, legal_pack: pack } = policy.policy;
  const facts: Fact[] = [
    [say('name'), (lang === 'ja' && ja) || title],
    [say('state'), <State version={version} />],
  ];
  if (date !== null) facts.push([say('textDate'), day(date)]);
  if (text !== undefined) facts.push([say('hash'), <code>{text.sha256}</code>]);
  facts.push([say('pack'), <code>{pack}</code>]);
  const last = inForce.at(-1);
  if (last !== undefined)
    facts.push([
      say('wentLive'),
      say('wentLiveBy', {
        day: day(last.from),
        asked: last.requestedBy,
        approved: last.approvedBy,
      }),
    ]);
  if (deployed === 'changed' || deployed === 'missing')
    facts.push([say('file'), say(deployed === 'missing' ? 'missing_file' : deployed)]);
  if (state === 'in_force')
    facts.push([say('published'), <a href={`/policy/${key}`}>{say('read')}</a>]);
  return <Facts facts={facts} />;
}

function Missing({ version: { missing } }: Shown): VNode {
  const say = useWords(POLICIES);
  const word = useWords(MISSING_WORDS);
  const lang = useLang();
  return (
    <DataTable
      caption={say('missing')}
      rows={missing}
      empty={say('missingNone')}
      columns={[
        {
          title: say('item'),
          names: true,
          cell: ({ item, only }) => (
            <>
              {word(item)}
              {only !== undefined && <span class="aside">{say(only)}</span>}
            </>
          ),
        },
        { title: say('article'), cell: ({ article }) => articleText(article, lang) },
        { title: say('field'), cell: ({ field }) => <code>{field}</code> },
      ]}
    />
  );
}

function Weaker({ version: { weaker } }: Shown): VNode {
  const say = useWords(POLICIES);
  const lang = useLang();
  return (
    <DataTable
      caption={say('weaker')}
      rows={weaker}
      empty={say('weakerNone')}
      columns={[
        {
          title: say('field'),
          names: true,
          cell: ({ field }) => (field === '' ? say('whole') : <code>{field}</code>),
        },
        { title: say('floor'), cell: (point) => floorText(point, lang) },
        { title: say('article'), cell: ({ article }) => articleText(article, lang) },
      ]}
    />
  );
}

function Uses({ version: { policy, legal } }: Shown): VNode {
  const say = useWords(POLICIES);
  const channelName = useWords(CHANNEL_WORDS);
  const lang = useLang();
  return (
    <>
      {policy.categories.map((category) => {
        const name = (lang === 'ja' && category.label_ja) || category.label;
        return (
          <DataTable
            key={category.id}
            caption={name}
            rows={usesOf(policy, legal, category.id)}
            empty={`${name}: ${say('noUse')}`}
            columns={[
              {
                title: say('purpose'),
                names: true,
                cell: ({ purpose: { id, label, label_ja: ja } }) => (
                  <>
                    <code>{id}</code>
                    <span class="aside">{(lang === 'ja' && ja) || label}</span>
                  </>
                ),
              },
              ...CHANNELS.map((channel) => ({
                title: channelName(channel),
                cell: ({ on }: ReturnType<typeof usesOf>[number]) => say(on[channel]),
              })),
            ]}
          />
        );
      })}
    </>
  );
}
