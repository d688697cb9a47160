import { randomUUID } from 'node:crypto';
import { DAY, type Clock, type Instant } from '@kyoka/kernel';
import type { Fault } from './faults.js';
import type { JobPlan, Journal, JournalEntry } from './journal.js';
import type { JobEnd, MemberDigests, Network } from './words.js';

export interface ListMember {
  readonly kind: 'email' | 'phone';
  readonly digest: string;
  readonly expiresAt: Instant | null;
}

export interface ListInfo {
  readonly network: Network;
  readonly account: string;
  readonly id: string;
  readonly name: string;
  /** `null`: members stay until removed. */
  readonly lifetimeDays: number | null;
}

export interface ListState extends ListInfo {
  /** One per identifier: whoever was added with two stays until both are removed. */
  readonly members: readonly ListMember[];
}

interface List extends ListInfo {
  readonly held: Map<string, ListMember>;
}

interface Job extends JobPlan {
  readonly network: Network;
  readonly op: 'add' | 'remove';
  readonly seq: number;
  members: readonly MemberDigests[] | undefined;
}

export interface Accept {
  readonly network: Network;
  readonly op: 'add' | 'remove';
  readonly lists: readonly string[];
  readonly members: readonly MemberDigests[];
  readonly fault: Fault | undefined;
  /** How the job ends without a fault. */
  readonly end?: JobEnd;
}

const LAST_LIST_ID: Record<Network, bigint> = {
  google: 7_090_780_000n,
  meta: 23_850_000_000_000_000n,
};

/** Entries of a journal held in memory at once while it is replayed. */
const REPLAY_PAGE = 1_000;

/**
 * The lists of both networks and the jobs that change them. A job is applied when it is due, in the
 * order of due moments, which is not the order of arrival; nothing runs in between, so the state at
 * any moment is found when somebody asks.
 */
export class World {
  readonly #lists = new Map<string, List>();
  readonly #jobs = new Map<string, Job[]>();
  #pending: Job[] = [];

  constructor(
    private readonly settings: {
      journal: Journal;
      clock: Clock;
      random: () => number;
      processingMs: Readonly<Record<Network, number>>;
    },
  ) {
    for (let seq = 0; ; seq += REPLAY_PAGE) {
      const page = settings.journal.entries(seq, REPLAY_PAGE);
      if (page.length === 0) break;
      for (const entry of page) this.#replay(entry);
    }
  }

  list(network: Network, id: string): ListInfo | undefined {
    const list = this.#lists.get(id);
    return list?.network === network ? list : undefined;
  }

  /** The lists of one account. */
  catalogue(network: Network, account: string): ListInfo[] {
    return [...this.#lists.values()].filter(
      (list) => list.network === network && list.account === account,
    );
  }

  /** Every list with whom it holds now. */
  lists(): ListState[] {
    this.#applyDue();
    this.#expire();
    return [...this.#lists.values()].map(({ held, ...list }) => ({
      ...list,
      members: [...held.values()],
    }));
  }

  createList(list: Omit<ListInfo, 'id'>): ListInfo {
    const id = String(LAST_LIST_ID[list.network] + BigInt(this.#lists.size + 1));
    const at = this.settings.clock();
    this.#replay(this.settings.journal.append({ kind: 'list', at, ...list, list: id }));
    return { ...list, id };
  }

  /** Takes a request: one job over each list. Durable when it returns. */
  accept({ network, op, lists, members, fault, end = 'success' }: Accept): JobPlan[] {
    // Nobody may ask for a long time, and what waits holds its members in memory.
    this.#applyDue();
    const id = randomUUID();
    const kind = fault?.kind;
    const seen = kind === 'wrong_counts' ? members.slice(0, -1) : members;
    const counts = {
      persons: seen.length,
      identifiers: seen.reduce((sum, each) => sum + each.emails.length + each.phones.length, 0),
    };
    const jobs = lists.flatMap((list): JobPlan[] => {
      const plan = { id, list, dueAt: this.#due(network), end, takes: seen.length, ...counts };
      if (kind === 'job_failed') return [{ ...plan, end: 'failed', takes: 0 }];
      if (kind === 'job_partial') return [{ ...plan, end: 'partial', takes: seen.length >> 1 }];
      if (kind === 'drop_job') return [{ ...plan, end: 'never', takes: 0 }];
      if (kind !== 'duplicate_accept') return [end === 'success' ? plan : { ...plan, takes: 0 }];
      const other = this.#due(network);
      const [first, last] = [Math.min(plan.dueAt, other), Math.max(plan.dueAt, other)];
      return [
        { ...plan, dueAt: first, hidden: true },
        { ...plan, dueAt: last },
      ];
    });
    this.#replay(
      this.settings.journal.append({
        kind: 'request',
        at: this.settings.clock(),
        network,
        op,
        outcome: 'taken',
        ...(kind && { fault: kind }),
        members,
        jobs,
      }),
    );
    return jobs.filter((job) => !job.hidden);
  }

  /** The jobs of one request, and whether each has come to its end; empty if there is none. */
  jobs(network: Network, id: string): (JobPlan & { op: 'add' | 'remove'; ended: boolean })[] {
    const now = this.settings.clock();
    return (this.#jobs.get(id) ?? [])
      .filter((job) => job.network === network && !job.hidden)
      .map((job) => ({ ...job, ended: job.end !== 'never' && job.dueAt <= now }));
  }

  #due(network: Network): Instant {
    const span = this.settings.processingMs[network];
    return this.settings.clock() + Math.floor(this.settings.random() * span);
  }

  #replay(entry: JournalEntry): void {
    if (entry.kind === 'list') {
      const { network, account, list: id, name, lifetimeDays } = entry;
      this.#lists.set(id, { network, account, id, name, lifetimeDays, held: new Map() });
      return;
    }
    const { op, network, seq, members } = entry;
    if (!entry.jobs || (op !== 'add' && op !== 'remove')) return;
    const jobs = entry.jobs.map((plan) => ({ ...plan, network, op, seq, members }));
    for (const job of jobs) this.#jobs.set(job.id, [...(this.#jobs.get(job.id) ?? []), job]);
    this.#pending.push(...jobs.filter((job) => job.end !== 'never'));
  }

  #applyDue(): void {
    const now = this.settings.clock();
    const due = this.#pending.filter((job) => job.dueAt <= now);
    if (due.length === 0) return;
    this.#pending = this.#pending.filter((job) => job.dueAt > now);
    due.sort((a, b) => a.dueAt - b.dueAt || a.seq - b.seq);
    for (const job of due) this.#apply(job);
  }

  #expire(): void {
    const now = this.settings.clock();
    for (const { held } of this.#lists.values()) {
      for (const [digest, member] of held) {
        if (member.expiresAt !== null && member.expiresAt <= now) held.delete(digest);
      }
    }
  }

  #apply(job: Job): void {
    const list = this.#lists.get(job.list);
    const days = list?.lifetimeDays ?? null;
    const expiresAt = days === null ? null : job.dueAt + days * DAY;
    for (const member of job.members?.slice(0, job.takes) ?? []) {
      const identifiers = [
        ...member.emails.map((digest) => ({ kind: 'email' as const, digest })),
        ...member.phones.map((digest) => ({ kind: 'phone' as const, digest })),
      ];
      for (const { kind, digest } of identifiers) {
        const key = `${kind}:${digest}`;
        if (job.op === 'add') list?.held.set(key, { kind, digest, expiresAt });
        else list?.held.delete(key);
      }
    }
    job.members = undefined;
  }
}
