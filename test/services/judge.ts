import type { Queryable } from '@kyoka/postgres';
import type { JournalEntry, ListState, Network } from '@kyoka/sandbox';

/** A person whom a stop reached. */
export interface Stopped {
  readonly subjectId: string;
  /** How the sandbox names the contact points, by network. */
  readonly digests: Readonly<Record<Network, readonly string[]>>;
  /** Attempts that named the person and had passed the gate when the stop was in force. */
  readonly before: ReadonlySet<string>;
}

/** What the networks took and hold, and what passed the gate. */
export interface Evidence {
  readonly journal: readonly JournalEntry[];
  readonly lists: readonly ListState[];
  readonly passes: (subjectId: string) => Promise<ReadonlySet<string>>;
}

export type Violation =
  | 'released after the stop'
  | 'the last thing taken is an add'
  | 'held in the end'
  | 'removed never, though added';

/** Everything that is wrong about stopped people, by what passed the gate and what the networks took. */
export async function judge(
  { journal, lists, passes }: Evidence,
  stopped: readonly Stopped[],
): Promise<Violation[]> {
  const found: Violation[] = [];
  const held = new Set(lists.flatMap((list) => list.members.map(({ digest }) => digest)));
  for (const { subjectId, digests, before } of stopped) {
    if ([...(await passes(subjectId))].some((id) => !before.has(id)))
      found.push('released after the stop');
    for (const [network, own] of Object.entries(digests)) {
      for (const digest of own) {
        const ops = journal.flatMap((entry) =>
          entry.kind === 'request' &&
          entry.network === network &&
          entry.outcome === 'taken' &&
          entry.members?.some(({ emails, phones }) => [...emails, ...phones].includes(digest))
            ? [entry.op]
            : [],
        );
        if (ops.at(-1) === 'add') found.push('the last thing taken is an add');
        if (ops.includes('add') && !ops.includes('remove'))
          found.push('removed never, though added');
        if (held.has(digest)) found.push('held in the end');
      }
    }
  }
  return found;
}

/** Attempts that named a subject and passed the gate. */
export async function passesOf(db: Queryable, subjectId: string): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ id: string }>(
    `select distinct a.id from audiences.attempt a join audiences.attempt_item i on i.attempt_id = a.id
      where a.op = 'add' and i.subject_id = $1`,
    [subjectId],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Everything in the journal of a sandbox that runs. */
export async function journalOf(sandboxUrl: string): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for (;;) {
    const answer = await fetch(`${sandboxUrl}/_sandbox/journal?after=${entries.length}&limit=1000`);
    const page = (await answer.json()) as { entries: JournalEntry[] };
    if (page.entries.length === 0) return entries;
    entries.push(...page.entries);
  }
}

export async function listsOf(sandboxUrl: string): Promise<ListState[]> {
  const answer = await fetch(`${sandboxUrl}/_sandbox/lists`);
  return ((await answer.json()) as { lists: ListState[] }).lists;
}
