import { sampleCompany } from '@kyoka/sample';

/** What the printed summary says, read back from its text. */
export interface PrintedSummary {
  /** The events that came from outside, and those made of requests. */
  readonly came: number;
  readonly made: number;
  /** Outcomes, and `parked/REASON`. */
  readonly events: Readonly<Record<string, number>>;
  /** Lines of the section about people, as printed. */
  readonly people: readonly string[];
  readonly audiences: readonly PrintedAudience[];
  /** For each suspension and network the steps taken; the last is the basis of the confirmation. */
  readonly suspensions: readonly Readonly<Record<string, readonly string[]>>[];
}

export interface PrintedAudience {
  readonly recipient: string;
  readonly segment: number;
  readonly refused: number;
  readonly sent: number;
  readonly accepted: number;
  readonly held: number;
}

const BASES: Readonly<Record<string, string>> = {
  "confirmed, by the network's own job status": 'job_status',
  'confirmed: taken in full, and the time the network declares is over': 'declared_time',
};

/** @throws Error where a section isn't as it is meant to be printed */
export function summaryOf(output: string): PrintedSummary {
  const sections = output
    .slice(output.lastIndexOf('Kyoka, where things stand'))
    .split(/\n\n(?=[A-Z]{4})/)
    .map((text) => text.split('\n'));
  const named = (word: string) => sections.filter(([title]) => title?.startsWith(word));
  const [events = ''] = named('EVENTS')[0] ?? [];
  return {
    came: numberOf(/([\d,]+) came in/.exec(events)?.[1]),
    made: numberOf(/([\d,]+) made here/.exec(events)?.[1] ?? '0'),
    events: Object.fromEntries((named('EVENTS')[0] ?? []).flatMap(eventCount)),
    people: named('PEOPLE')[0] ?? [],
    audiences: named('AUDIENCE').map(audience),
    suspensions: named('SUSPENSION').map(suspension),
  };
}

/**
 * A summary told as if its audiences had been run at the same time as those of another. Who is erased
 * counts in a segment, and as refused, of a run that came before, and is gone from one that came after:
 * so much, and no more, may lie between the two.
 *
 * @param people of the sample company, which says how many ask for their erasure
 */
export function atTheTimeOf(
  other: PrintedSummary,
  summary: PrintedSummary,
  people: number,
): PrintedSummary {
  const erased = erasedOf(people);
  const audiences = summary.audiences.map((one, index) => {
    const gone = (other.audiences[index]?.segment ?? 0) - one.segment;
    if (Math.abs(gone) > erased) return one;
    return { ...one, segment: one.segment + gone, refused: one.refused + gone };
  });
  return { ...summary, audiences };
}

function erasedOf(people: number): number {
  const { events } = sampleCompany({ seed: 1, people, now: Date.now() });
  const asked = events.filter(({ draft }) => draft.type === 'jp.kyoka.erasure.requested.v1');
  return new Set(asked.map(({ draft }) => JSON.stringify(draft.data))).size;
}

const numberOf = (text: string | undefined): number => Number(text?.replaceAll(',', ''));

function eventCount(line: string): [string, number][] {
  const outcome = /^ {1,9}([\d,]+) {2}(accepted|duplicate|skipped|refused)\b/.exec(line);
  if (outcome?.[2] !== undefined) return [[outcome[2], numberOf(outcome[1])]];
  const parked = /^ {10,}([\d,]+) {2}([a-z_]+) {2,}/.exec(line);
  return parked?.[2] === undefined ? [] : [[`parked/${parked[2]}`, numberOf(parked[1])]];
}

function audience(lines: readonly string[]): PrintedAudience {
  const text = lines.join('\n');
  const count = (pattern: RegExp): number => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`${String(pattern)} is not in:\n${text}`);
    return numberOf(found);
  };
  return {
    recipient: /^ {2}for (\w+),/m.exec(text)?.[1] ?? '',
    segment: count(/([\d,]+) {2}in the segment/),
    refused: [...text.matchAll(/−([\d,]+) {2}/g)].reduce((sum, [, n]) => sum + numberOf(n), 0),
    sent: count(/([\d,]+) {2}sent to/),
    accepted: count(/([\d,]+) {2}accepted by/),
    held: count(/([\d,]+) {2}held by \w+ now/),
  };
}

function suspension(lines: readonly string[]): Record<string, string[]> {
  const steps: Record<string, string[]> = {};
  let recipient = '';
  for (const line of lines) {
    const step = /^ {4}(\w+|) +[+−][\d.]+ s {2}(.+)$/.exec(line);
    if (step?.[2] === undefined) continue;
    if (step[1]) [, recipient] = step as unknown as [string, string];
    if (recipient === 'barrier') continue;
    (steps[recipient] ??= []).push(BASES[step[2]] ?? step[2].replace('removal ', ''));
  }
  return steps;
}
