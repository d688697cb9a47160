import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '@kyoka/evidence';
import { createIntake, type IntakePorts, type RawEvent, vocabularyOf } from '@kyoka/intake';
import { formatInstant, type Instant, type Json } from '@kyoka/kernel';
import type { Company, Person, Shared } from '../release/harness/index.js';
import { beforeCommit } from './before-commit.js';

/** What a person may send to be left alone: of themselves, or naming nothing but their address. */
export type StopKind = 'suspension' | 'suspension of an address' | 'withdrawal' | 'erasure';

/** Places stops through the service's own intake, its journal included. */
export interface Stopping {
  readonly ports: IntakePorts;
  readonly journalDir: string;
  /** @param behindBarrier runs once the stop holds everything it takes, right before it commits */
  stop(person: Person, kind: StopKind, behindBarrier?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function openStopping(company: Company, { policies }: Shared): Promise<Stopping> {
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-stops-'));
  const journal = await openJournal({ dir: folder, writer: 'test' });
  const vocabulary = vocabularyOf(policies);
  const ports: IntakePorts = {
    pool: company.permissions,
    vault: company.vault,
    journal,
    journalWriter: 'test',
    clock: () => company.clock.now,
    vocabulary: () => vocabulary,
  };
  return {
    ports,
    journalDir: folder,
    async stop(person, kind, behindBarrier = async () => undefined) {
      const pool = beforeCommit(ports.pool, behindBarrier);
      const event = stopEvent(person, kind, company.clock.now);
      const [answer] = await createIntake({ ...ports, pool }).ingest([event]);
      if (answer?.outcome !== 'accepted') throw new Error(`the stop was ${answer?.outcome}`);
    },
    async close() {
      await journal.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function stopEvent({ ref, email }: Person, kind: StopKind, at: Instant): RawEvent {
  const subject = { source: 'store', ref };
  const scope = { purposes: ['*'], channels: ['*'] };
  const events: Readonly<Record<StopKind, readonly [string, Readonly<Record<string, Json>>]>> = {
    suspension: ['suspension.requested', { subject, scope }],
    'suspension of an address': [
      'suspension.requested',
      { contacts: [{ kind: 'email', value: email ?? '' }], scope },
    ],
    withdrawal: ['consent.withdrawn', { subject, purpose: '*', channels: ['*'] }],
    erasure: ['erasure.requested', { subject }],
  };
  const [type, data] = events[kind];
  const attributes = {
    specversion: '1.0',
    id: randomUUID(),
    source: 'store',
    type: `jp.kyoka.${type}.v1`,
    time: formatInstant(at),
  };
  return {
    attributes,
    data: Buffer.from(JSON.stringify({ ...data, occurredAt: formatInstant(at) })),
    place: 'http',
    by: { kind: 'token', plaintext: true },
  };
}
