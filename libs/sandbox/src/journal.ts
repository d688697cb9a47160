import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  fstatSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '@kyoka/kernel';
import type { FaultKind } from './faults.js';
import type { JobEnd, MemberDigests, Network, Operation } from './words.js';

/** One processing of a request over one list. */
export interface JobPlan {
  readonly id: string;
  readonly list: string;
  readonly dueAt: Instant;
  readonly end: JobEnd;
  /** How many of the request's members, from the first, it applies. */
  readonly takes: number;
  /** Counts that the network tells about it. */
  readonly persons: number;
  readonly identifiers: number;
  /** A second processing of the same request, which no status tells about. */
  readonly hidden?: true;
}

export type NewEntry =
  | {
      readonly kind: 'list';
      readonly at: Instant;
      readonly network: Network;
      readonly account: string;
      readonly list: string;
      readonly name: string;
      readonly lifetimeDays: number | null;
    }
  | {
      readonly kind: 'request';
      readonly at: Instant;
      readonly network: Network;
      readonly op: Operation;
      readonly outcome: 'taken' | 'refused' | 'not_read' | 'answered';
      readonly fault?: FaultKind;
      /** The network's code for a refusal. */
      readonly code?: string;
      /** Of a taken request, only: what was refused may hold anything. */
      readonly members?: readonly MemberDigests[];
      readonly jobs?: readonly JobPlan[];
    };

/** `seq` counts from 1 without gaps. */
export type JournalEntry = NewEntry & { readonly seq: number };

/**
 * What reached the networks, one JSON document a line, written before the reply leaves. It is also
 * the state: lists and members are what replaying it gives.
 */
export class Journal {
  readonly #file: number;
  /** Where each entry begins, and where the next one will. */
  readonly #offsets: number[] = [0];

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#file = openSync(join(folder, 'journal.jsonl'), 'a+', 0o600);
    const bytes = this.#read(0, fstatSync(this.#file).size);
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, end + 1)) {
      this.#offsets.push(end + 1);
    }
    // A line without an end was being written when the process died; no reply had left for it.
    ftruncateSync(this.#file, this.#end());
  }

  append(entry: NewEntry): JournalEntry {
    const numbered = { seq: this.#offsets.length, ...entry };
    const line = Buffer.from(`${JSON.stringify(numbered)}\n`, 'utf8');
    const start = this.#end();
    for (let written = 0; written < line.length;) {
      written += writeSync(this.#file, line, written);
    }
    this.#offsets.push(start + line.length);
    return numbered;
  }

  /** Entries after number `seq`, at most `limit`. */
  entries(seq = 0, limit = Infinity): JournalEntry[] {
    const from = this.#offsets[seq];
    const to = this.#offsets[Math.min(seq + limit, this.#offsets.length - 1)];
    if (from === undefined || to === undefined) return [];
    return this.#read(from, to - from)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JournalEntry);
  }

  close(): void {
    closeSync(this.#file);
  }

  #end(): number {
    return this.#offsets.at(-1) ?? 0;
  }

  #read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length;) {
      const read = readSync(this.#file, bytes, done, length - done, position + done);
      if (read === 0) break;
      done += read;
    }
    return bytes;
  }
}
