import type { ParkedAnswer } from '@kyoka/contracts';
import {
  Badge,
  Button,
  type Column,
  DataTable,
  ErrorSummary,
  Field,
  Form,
  Notice,
  PARK_WORDS,
  speak,
  useFormats,
  useWords,
} from '@kyoka/pages';
import type { VNode } from 'preact';
import { FRAME } from '../words/frame.js';
import { PARKED } from '../words/parked.js';
import { ConsolePage, type Reader } from './console-page.js';

/** What was just done, in numbers. */
export interface ParkedDone {
  readonly tried?: number;
  readonly accepted?: number;
  readonly expired?: number;
  readonly dismissed?: number;
}

export interface ParkedPageProps extends Reader {
  readonly parked: ParkedAnswer;
  readonly done: ParkedDone;
  /** The event that was to be dismissed without saying why. */
  readonly unexplained?: string;
}

export function ParkedPage({ parked, done, unexplained, ...reader }: ParkedPageProps): VNode {
  const say = speak(PARKED, reader.lang);
  const { scopes, csrf } = reader.caller;
  const acting = { can: scopes.has('parked:replay'), csrf, unexplained };
  const faults =
    unexplained === undefined ? [] : [{ name: `reason-${unexplained}`, text: say('needWhy') }];
  return (
    <ConsolePage {...reader} place="parked" title={say('title')}>
      <ErrorSummary faults={faults} />
      <p>{say('lead')}</p>
      <Done done={done} />
      <ByReason waiting={parked.waiting} acting={acting} />
      {parked.oldest.length > 0 && <Oldest oldest={parked.oldest} acting={acting} />}
      {parked.next !== undefined && (
        <p>
          <a href={`/parked?after=${parked.next}`}>{say('next')}</a>
        </p>
      )}
    </ConsolePage>
  );
}

interface Acting {
  readonly can: boolean;
  readonly csrf: string | undefined;
  readonly unexplained: string | undefined;
}

type Waiting = ParkedAnswer['waiting'][number];
type Parked = ParkedAnswer['oldest'][number];

function Done({ done }: { done: ParkedDone }): VNode | null {
  const say = useWords(PARKED);
  const { number } = useFormats();
  const { tried, accepted = 0, expired = 0, dismissed } = done;
  if (dismissed !== undefined) return <Notice tone="good" title={say('dismissed')} />;
  if (tried === undefined) return null;
  return (
    <Notice
      tone={accepted === tried && expired === 0 ? 'good' : 'warn'}
      title={say('replayed', { n: number(tried), ok: number(accepted) })}
    >
      {expired > 0 && <p>{say('expired', { n: number(expired) })}</p>}
    </Notice>
  );
}

function ByReason({ waiting, acting }: { waiting: readonly Waiting[]; acting: Acting }): VNode {
  const say = useWords(PARKED);
  const frame = useWords(FRAME);
  const word = useWords(PARK_WORDS);
  const { number } = useFormats();
  const stops = waiting.reduce((sum, one) => sum + one.stopsWithoutEffect, 0);
  const columns: Column<Waiting>[] = [
    { title: frame('reason'), names: true, cell: ({ reason }) => word(reason) },
    { title: frame('count'), amount: true, cell: ({ events }) => number(events) },
    {
      title: say('stopsWithoutEffect'),
      amount: true,
      cell: ({ stopsWithoutEffect }) => number(stopsWithoutEffect),
    },
    {
      title: say('act'),
      cell: ({ reason }) => (
        <Form action="/parked/replay" csrf={acting.csrf} hidden={{ reason }}>
          <Button about={word(reason)}>{say('replayAll')}</Button>
        </Form>
      ),
    },
  ];
  return (
    <>
      {stops > 0 && <Notice tone="bad" title={say('stopsNotice', { n: number(stops) })} />}
      <DataTable
        caption={say('byReason')}
        rows={waiting}
        empty={say('none')}
        columns={acting.can ? columns : columns.slice(0, -1)}
      />
    </>
  );
}

function Oldest({ oldest, acting }: { oldest: readonly Parked[]; acting: Acting }): VNode {
  const say = useWords(PARKED);
  const frame = useWords(FRAME);
  const word = useWords(PARK_WORDS);
  const { moment } = useFormats();
  const columns: Column<Parked>[] = [
    { title: frame('when'), names: true, cell: ({ arrivedAt }) => moment(arrivedAt) },
    {
      title: say('type'),
      cell: ({ type, place }) => (
        <>
          {type === undefined ? say('unknownType') : <code>{type}</code>}
          <span class="hint">
            {say('place')}: {place}
          </span>
        </>
      ),
    },
    {
      title: frame('reason'),
      cell: (parked) => <Why parked={parked} reason={word(parked.reason)} />,
    },
    { title: say('act'), cell: (parked) => <Acts parked={parked} acting={acting} /> },
  ];
  return (
    <DataTable
      caption={say('oldest')}
      rows={oldest}
      columns={acting.can ? columns : columns.slice(0, -1)}
    />
  );
}

function Why({ parked, reason }: { parked: Parked; reason: string }): VNode {
  const say = useWords(PARKED);
  const { stop, applied, faults } = parked;
  return (
    <>
      {reason} {applied && <Badge tone="good">{say('applied')}</Badge>}
      {stop && !applied && <Badge tone="bad">{say('notApplied')}</Badge>}
      {faults.length > 0 && (
        <ul class="hint">
          {faults.map(({ field, expected }, index) => (
            <li key={index}>
              <code>{field}</code>: <span lang="en">{expected}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Acts({ parked, acting }: { parked: Parked; acting: Acting }): VNode {
  const say = useWords(PARKED);
  const { moment } = useFormats();
  const { id, arrivedAt, stop, reason } = parked;
  const { csrf, unexplained } = acting;
  const about = moment(arrivedAt);
  return (
    <>
      <Form action="/parked/replay" csrf={csrf} hidden={{ id }}>
        <div class="buttons">
          <Button about={about}>{say('replay')}</Button>
          {stop && reason === 'unauthenticated' && (
            <Button kind="bad" name="accept" value="unauthenticated" about={about}>
              {say('admit')}
            </Button>
          )}
        </div>
      </Form>
      <details open={unexplained === id}>
        <summary>
          {say('dismiss')}
          <span class="hidden"> {about}</span>
        </summary>
        <Form action="/parked/dismiss" csrf={csrf} hidden={{ id }}>
          <Field
            id={`reason-${id}`}
            name="reason"
            label={say('why')}
            fault={unexplained === id ? say('needWhy') : undefined}
            required
          />
          <Button about={about}>{say('dismiss')}</Button>
        </Form>
      </details>
    </>
  );
}
