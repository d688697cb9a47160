import { randomUUID } from 'node:crypto';
import { SCOPES } from '@kyoka/contracts';
import { createServices, PoliciesInForce } from '@kyoka/edge';
import { openJournal } from '@kyoka/evidence';
import { catchUpWithJournal, createIntake } from '@kyoka/intake';
import { formatInstant } from '@kyoka/kernel';
import { inTransaction, type Pool } from '@kyoka/postgres';
import { changeSwitch } from '@kyoka/release';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Company,
  openCompany,
  openShared,
  type Shared,
  TARO,
} from '../release/harness/index.js';
import { beforeCommit } from './before-commit.js';
import { openStopping, stopEvent, type Stopping } from './stopping.js';

const OFFICER = {
  owner: 'user:officer',
  credential: randomUUID(),
  roles: [],
  scopes: new Set(SCOPES),
  makers: [],
  startsAt: 0,
  endsAt: 0,
};

let shared: Shared;
let company: Company;
let stopping: Stopping;

beforeAll(async () => {
  shared = await openShared();
  company = await openCompany(shared);
  stopping = await openStopping(company, shared);
  await company.enter(TARO);
});
afterAll(async () => {
  await stopping.close();
  await company.close();
  await shared.close();
});

/** Everything that narrows what may be released, over the pool of its role. */
const DOORS: Readonly<Record<string, (watched: (pool: Pool) => Pool) => Promise<unknown>>> = {
  'a stop that intake takes': (watched) =>
    createIntake({ ...stopping.ports, pool: watched(stopping.ports.pool) }).ingest([
      stopEvent(TARO, 'suspension', company.clock.now),
    ]),
  'a stop that only the journal knows': async (watched) => {
    const dir = stopping.journalDir;
    const journal = await openJournal({ dir, writer: `lost-${randomUUID()}` });
    const at = formatInstant(company.clock.now);
    const everywhere = { purposes: ['*'], channels: ['*'], recipients: ['*'] };
    const subject = { source: 'store', ref: TARO.ref };
    const stop = { stopAct: randomUUID(), kind: 'suspension', subject, folds: [], ...everywhere };
    await journal.append([{ ...stop, at, arrivedAt: at }]);
    await journal.close();
    const pool = watched(company.permissions);
    await catchUpWithJournal({ pool, dir, clock: () => company.clock.now });
  },
  'a freeze': (watched) =>
    createServices({
      ...stopping.ports,
      intake: stopping.ports,
      permissions: watched(company.permissions),
      audiences: company.context.pool,
      policies: shared.policies,
      inForce: new PoliciesInForce(company.db, shared.policies),
      addressOf: () => undefined,
      wake: () => undefined,
      pages: NO_PAGES,
    }).freezes.set({ scope: { purposes: ['*'], channels: ['*'] }, reason: 'a leak' }, OFFICER),
  'switching a recipient off': (watched) =>
    switchedOff({ target: 'recipient', id: 'google' }, watched),
  'switching a policy off': (watched) => switchedOff({ target: 'policy', id: 'almado@1' }, watched),
};

const NO_PAGES = {
  publicUrl: () => 'http://127.0.0.1',
  terms: { preferencesMs: 1, oneClickMs: 1, confirmationMs: 1 },
  mailing: false,
  wakeMails: () => undefined,
};

async function switchedOff(
  target: Parameters<typeof changeSwitch>[1],
  watched: (pool: Pool) => Pool,
): Promise<void> {
  const { pool } = company.context;
  const at = company.clock.now;
  const ask = { act: 'request_on', reason: 'test' } as const;
  await changeSwitch(pool, target, { act: 'off', reason: 'test' }, { by: 'user:sato', at });
  await changeSwitch(pool, target, ask, { by: 'user:sato', at });
  await changeSwitch(
    watched(pool),
    target,
    { act: 'off', reason: 'test' },
    { by: 'user:sato', at },
  );
}

/** Whether it waits for the barrier, or has ended without. */
async function fateOf(work: Promise<unknown>): Promise<'waits' | 'passes'> {
  let ended = false;
  const end = () => void (ended = true);
  work.then(end, end);
  while (!ended) {
    const rows = await company.db.query(
      `select from pg_locks where locktype = 'advisory' and not granted
         and database = (select oid from pg_database where datname = current_database())`,
    );
    if (rows.length > 0) return 'waits';
  }
  return 'passes';
}

describe.each(Object.entries(DOORS))('%s', (_, door) => {
  it('commits only after a gate that holds the barrier', async () => {
    const held = await inTransaction(company.context.pool, async (gate) => {
      await company.context.guard.close(gate);
      const work = door((pool) => pool);
      return { work, fate: await fateOf(work) };
    });
    await held.work;
    expect(held.fate).toBe('waits');
  });

  it('makes a gate wait until it has committed', async () => {
    const fates: string[] = [];
    let gate: Promise<unknown> = Promise.resolve();
    await door((pool) =>
      beforeCommit(pool, async () => {
        gate = inTransaction(company.context.pool, (tx) => company.context.guard.close(tx));
        fates.push(await fateOf(gate));
      }),
    );
    await gate;
    expect(fates).toEqual(['waits']);
  });
});
