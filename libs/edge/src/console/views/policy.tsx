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
import type { DeployedPolicy } from '../read/policies.js';
import { MISSING_WORDS, POLICIES } from '../words/policies.js';
import { ConsolePage, type Reader } from './console-page.js';
import { State } from './policies.js';

/** One deployed version: what it lacks, where the law's floor is applied, and what may be done under it. */
export function DeployedPolicyPage(props: Reader & { readonly deployed: DeployedPolicy }): VNode {
  const { deployed, ...reader } = props;
  const say = speak(POLICIES, reader.lang);
  const { key } = deployed;
  return (
    <ConsolePage {...reader} place="policies" path={`/policies/${key}`} title={key}>
      <Identity deployed={deployed} />
      <Section id="missing" title={say('missing')}>
        <p>{say('missingLead')}</p>
        <Missing deployed={deployed} />
      </Section>
      <Section id="weaker" title={say('weaker')}>
        <p>{say('weakerLead')}</p>
        <Weaker deployed={deployed} />
      </Section>
      <Section id="uses" title={say('uses')}>
        <p>{say('usesLead')}</p>
        <Uses deployed={deployed} />
      </Section>
    </ConsolePage>
  );
}

type Shown = { readonly deployed: DeployedPolicy };

function Identity({ deployed }: Shown): VNode {
  const say = useWords(POLICIES);
  const lang = useLang();
  const { day } = useFormats();
  const { key, inForce, policy } = deployed;
  const { title, title_ja: ja, text_date: date, text, legal_pack: pack } = policy.policy;
  const facts: Fact[] = [
    [say('name'), (lang === 'ja' && ja) || title],
    [say('state'), <State deployed={deployed} />],
  ];
  if (date !== null) facts.push([say('textDate'), day(date)]);
  if (text !== undefined) facts.push([say('hash'), <code>{text.sha256}</code>]);
  facts.push([say('pack'), <code>{pack}</code>]);
  if (inForce) facts.push([say('published'), <a href={`/policy/${key}`}>{say('read')}</a>]);
  return <Facts facts={facts} />;
}

function Missing({ deployed: { missing } }: Shown): VNode {
  const say = useWords(POLICIES);
  const word = useWords(MISSING_WORDS);
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
        { title: say('article'), cell: ({ article }) => <span lang="en">{article}</span> },
        { title: say('field'), cell: ({ field }) => <code>{field}</code> },
      ]}
    />
  );
}

function Weaker({ deployed: { weaker } }: Shown): VNode {
  const say = useWords(POLICIES);
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
        { title: say('floor'), cell: ({ floor }) => <span lang="en">{floor}</span> },
      ]}
    />
  );
}

function Uses({ deployed: { policy, legal } }: Shown): VNode {
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
                cell: ({ purpose }) => <code>{purpose.id}</code>,
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
