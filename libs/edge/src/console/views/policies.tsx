import { Badge, DataTable, speak, useFormats, useLang, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import type { PolicyOnRecord } from '../read/policies.js';
import { POLICIES, VERSION_STATES } from '../words/policies.js';
import { ConsolePage, type Reader } from './console-page.js';

/** Every deployed version: whether it is in force, and what the law finds wanting in it. */
export function PoliciesPage(
  props: Reader & { readonly policies: readonly PolicyOnRecord[] },
): VNode {
  const { policies, ...reader } = props;
  const say = speak(POLICIES, reader.lang);
  return (
    <ConsolePage {...reader} place="policies" title={say('title')}>
      <p>{say('lead')}</p>
      <Versions policies={policies} />
    </ConsolePage>
  );
}

function Versions({ policies }: { readonly policies: readonly PolicyOnRecord[] }): VNode {
  const say = useWords(POLICIES);
  const lang = useLang();
  const { day, number } = useFormats();
  return (
    <DataTable
      caption={say('versions')}
      rows={policies}
      columns={[
        {
          title: say('version'),
          names: true,
          cell: ({ key }) => <a href={`/policies/${key}`}>{key}</a>,
        },
        {
          title: say('name'),
          cell: ({ policy: { policy } }) => (lang === 'ja' && policy.title_ja) || policy.title,
        },
        { title: say('state'), cell: (one) => <State version={one} /> },
        {
          title: say('textDate'),
          cell: ({ policy: { policy } }) =>
            policy.text_date === null ? say('undated') : day(policy.text_date),
        },
        { title: say('missing'), amount: true, cell: ({ missing }) => number(missing.length) },
        { title: say('weaker'), amount: true, cell: ({ weaker }) => number(weaker.length) },
      ]}
    />
  );
}

const TONES = { draft: 'plain', requested: 'warn', in_force: 'good', off: 'plain' } as const;

export function State({ version: { state } }: { readonly version: PolicyOnRecord }): VNode {
  return <Badge tone={TONES[state]}>{useWords(VERSION_STATES)(state)}</Badge>;
}
