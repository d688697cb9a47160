import { CONTACT_KINDS } from '@kyoka/kernel';
import {
  Button,
  CONTACT_KIND_WORDS,
  ErrorSummary,
  Field,
  Form,
  type Lang,
  Notice,
  Select,
  speak,
  useWords,
} from '@kyoka/pages';
import type { VNode } from 'preact';
import { PEOPLE } from '../words/people.js';
import { ConsolePage, type Reader } from './console-page.js';

/** What may be wrong with a look-up, by the field. */
export type LookUpFaults = Partial<Record<LookUpField, keyof typeof PEOPLE>>;
type LookUpField = 'subject' | 'source' | 'ref' | 'value';

export interface LookUpPageProps extends Reader {
  readonly faults?: LookUpFaults;
  /** What was entered and isn't a contact, to be entered again. */
  readonly entered?: Readonly<Record<'source' | 'ref' | 'kind', string>>;
  /** Ids of those who were found; absent before anybody was looked for. */
  readonly found?: readonly string[];
}

/**
 * Three ways to look somebody up, each a form of its own. The fields have names that no browser fills
 * in by itself, and a contact is never shown again.
 */
export function LookUpPage({ faults = {}, entered, found, ...reader }: LookUpPageProps): VNode {
  const say = speak(PEOPLE, reader.lang);
  const told = Object.entries(faults).map(([name, key]) => ({ name, text: say(key) }));
  return (
    <ConsolePage {...reader} place="people" title={say('title')}>
      <ErrorSummary faults={told} />
      {found !== undefined && <Found ids={found} />}
      <p>{say('lead')}</p>
      <LookUpForms
        faults={faults}
        entered={entered ?? { source: '', ref: '', kind: 'email' }}
        csrf={reader.caller.csrf}
        lang={reader.lang}
      />
    </ConsolePage>
  );
}

function Found({ ids }: { ids: readonly string[] }): VNode {
  const say = useWords(PEOPLE);
  if (ids.length === 0) return <Notice tone="warn" title={say('nobody')} />;
  return (
    <Notice tone="good" title={say('found', { n: ids.length })}>
      {ids.length > 1 && <p>{say('foundLead')}</p>}
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <a href={`/people/${id}`}>
              <code>{id}</code>
            </a>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

interface LookUpFormsProps extends Required<Pick<LookUpPageProps, 'faults' | 'entered'>> {
  readonly csrf: string | undefined;
  readonly lang: Lang;
}

function LookUpForms({ faults, entered, csrf, lang }: LookUpFormsProps): VNode {
  const say = speak(PEOPLE, lang);
  const kind = speak(CONTACT_KIND_WORDS, lang);
  const fault = (name: LookUpField) => {
    const key = faults[name];
    return key === undefined ? undefined : say(key);
  };
  const form = (by: string, title: string, fields: VNode) => (
    <section class="panel" aria-labelledby={`by-${by}`}>
      <h2 id={`by-${by}`}>{title}</h2>
      <Form action="/people" csrf={csrf} hidden={{ by }}>
        {fields}
        <Button kind="main" about={title}>
          {say('find')}
        </Button>
      </Form>
    </section>
  );
  return (
    <div class="beside">
      {form(
        'contact',
        say('byContact'),
        <>
          <Select
            name="kind"
            label={say('kind')}
            value={entered.kind}
            options={CONTACT_KINDS.map((value) => ({ value, label: kind(value) }))}
          />
          <Field name="value" label={say('value')} fault={fault('value')} required />
        </>,
      )}
      {form(
        'ref',
        say('byRef'),
        <>
          <Field
            name="source"
            label={say('source')}
            hint={say('sourceHint')}
            value={entered.source}
            fault={fault('source')}
            required
          />
          <Field name="ref" label={say('ref')} value={entered.ref} fault={fault('ref')} required />
        </>,
      )}
      {form(
        'id',
        say('byId'),
        <Field name="subject" label={say('id')} fault={fault('subject')} required />,
      )}
    </div>
  );
}
