import type { Kernel } from './guess/kernel.js';
import { candidatesOf, type Job } from './guess/jobs.js';
import { hmac, neighbourhoodOf, sha256, tokenMessagesOf, unkeyed } from './guess/variants.js';
import { type Contact, keyOf, knownBy } from './people.js';
import { type CopyIndex, indexCopy, type Suspect, suspectsIn } from './search/copy-index.js';

/** What a copy gave away: by `Contact.id`, how. A find of nobody's we know is named by itself. */
export type Recovered = ReadonlyMap<string, ReadonlySet<string>>;

export interface AttackReport {
  readonly recovered: readonly Recovered[];
  /** Digests tried on the first copy. */
  readonly candidates: number;
}

export interface AttackOptions {
  /** Copies to attack; a candidate is hashed once for all of them. */
  readonly folders: readonly string[];
  readonly jobs: readonly Job[];
  /** Whose values would stand out if they stood readable. */
  readonly contacts: readonly Contact[];
  /** Those for whom SHA-1, MD5 and HMAC under every value found are tried as well. */
  readonly planted: readonly Contact[];
  readonly kernel: Kernel;
  /** Begins a step; told how much of it is done. */
  readonly step: (title: string, total: number) => (done: number) => void;
}

/** Attacks copies of a system, each without its keys. */
export async function attack(options: AttackOptions): Promise<AttackReport> {
  const { folders, jobs, contacts, planted, kernel, step } = options;
  const known = knownBy(contacts);
  const copies: CopyIndex[] = [];
  for (const folder of folders) copies.push(await indexCopy(folder, known, step('reading', 0)));
  const filters = copies.map(({ digests }) => digests);
  const suspects: Suspect[][] = copies.map(() => []);

  let candidates = candidatesOf(jobs);
  for (const { filter, text } of await kernel.guess(jobs, filters, step('SHA-256', candidates)))
    suspects[filter]?.push({ digest: sha256(text), key: keyOf(text), how: 'SHA-256' });

  const guesses = neighbourhoodOf(planted);
  const keyed = [...guesses, ...tokenMessagesOf(planted)];
  candidates += guesses.length * 2;
  const keys = new Map(keyed.map(({ text, key }) => [text, key]));
  for (const [number, { digests, values }] of copies.entries()) {
    const own = suspects[number] as Suspect[];
    own.push(...unkeyed(guesses, digests));
    const total = values.size * keyed.length;
    if (number === 0) candidates += total;
    const found = await kernel.keyed(
      [...values].map((value) => Buffer.from(value, 'latin1')),
      keyed.map(({ text }) => text),
      [digests],
      step(`HMAC under ${values.size} values`, total),
    );
    for (const { key, text } of found)
      own.push({ digest: hmac(key, text), key: keys.get(text) ?? '', how: 'HMAC' });
  }

  const recovered: Recovered[] = [];
  for (const [number, { folder, readable }] of copies.entries()) {
    const own = suspects[number] as Suspect[];
    const there = await suspectsIn(folder, own, step(`looking at ${own.length} suspects`, 0));
    recovered.push(
      together([
        ...[...readable].map((id) => ({ id, how: 'readable' })),
        ...there.map(({ key, how }) => ({ id: known.get(key) ?? key, how })),
      ]),
    );
  }
  return { recovered, candidates };
}

function together(finds: readonly { readonly id: string; readonly how: string }[]): Recovered {
  const all = new Map<string, Set<string>>();
  for (const { id, how } of finds) all.set(id, (all.get(id) ?? new Set()).add(how));
  return all;
}
