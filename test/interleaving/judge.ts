import type { MemberDigests } from '@kyoka/sandbox';
import type { Company, Network, Person } from '../release/harness/index.js';

/** A person whom a stop reached, and what had passed the gate when its barrier came down. */
export interface Stopped {
  readonly person: Person;
  readonly subjectId: string;
  /** Attempts that named the person and had passed the gate before. */
  readonly before: ReadonlySet<string>;
}

export type Violation =
  /** An attempt with the person passed the gate after the stop's barrier. */
  | 'released after the barrier'
  /** The network took more adds of the person than attempts had passed the gate before the barrier. */
  | 'sent without a pass'
  /** The last thing that the network took about the person is an add. */
  | 'no removal later than the add'
  | 'held in the end'
  /** We still count the person as held, or a removal isn't confirmed. */
  | 'removal not ended';

interface Taken {
  readonly seq: number;
  readonly op: string;
  readonly digests: ReadonlySet<string>;
}

/** What the network took since entry number `after` of its journal. */
function takenSince({ sandbox }: Company, network: Network, after: number): Taken[] {
  return sandbox.journal
    .entries(after)
    .flatMap((entry) =>
      entry.kind === 'request' && entry.network === network && entry.outcome === 'taken'
        ? [{ seq: entry.seq, op: entry.op, digests: digestsIn(entry.members ?? []) }]
        : [],
    );
}

const digestsIn = (members: readonly MemberDigests[]): Set<string> =>
  new Set(members.flatMap((member) => [...member.emails, ...member.phones]));

/** Attempts that named a subject and passed the gate. */
export async function passesOf({ db }: Company, subjectId: string): Promise<Set<string>> {
  const rows = await db.query<{ id: string }>(
    `select distinct a.id from audiences.attempt a join audiences.attempt_item i on i.attempt_id = a.id
     where a.op = 'add' and i.subject_id = $1`,
    [subjectId],
  );
  return new Set(rows.map((row) => row.id));
}

/** Everything that is wrong about stopped people once the round is over, by the sandbox's journal. */
export async function judge(
  company: Company,
  network: Network,
  journalStart: number,
  stopped: readonly Stopped[],
): Promise<Violation[]> {
  const taken = takenSince(company, network, journalStart);
  const heldNow = new Set(
    company.sandbox.lists().flatMap((list) => list.members.map((member) => member.digest)),
  );
  const found: Violation[] = [];
  for (const { person, subjectId, before } of stopped) {
    const passes = await passesOf(company, subjectId);
    if ([...passes].some((id) => !before.has(id))) found.push('released after the barrier');
    for (const digest of company.digestsOf(network, person)) {
      const about = taken.filter(({ digests }) => digests.has(digest));
      const adds = about.filter(({ op }) => op === 'add');
      const mayBe = new Set(
        stopped
          .filter((other) => company.digestsOf(network, other.person).includes(digest))
          .flatMap((other) => [...other.before]),
      );
      if (adds.length > mayBe.size) found.push('sent without a pass');
      if (about.at(-1)?.op === 'add') found.push('no removal later than the add');
      if (heldNow.has(digest)) found.push('held in the end');
    }
    if (await isOpen(company, subjectId)) found.push('removal not ended');
  }
  return found;
}

async function isOpen({ db }: Company, subjectId: string): Promise<boolean> {
  const [row] = await db.query<{ open: boolean }>(
    `select exists (select from audiences.member where subject_id = $1 and state not in ('gone'))
         or exists (select from audiences.removal where subject_id = $1 and state <> 'confirmed') as open`,
    [subjectId],
  );
  return row?.open === true;
}
