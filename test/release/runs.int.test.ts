import { verifyChain } from '@kyoka/chain';
import { OUTPUT_EVENTS } from '@kyoka/contracts';
import { mergeCancellations } from '@kyoka/permission-store';
import { queryable } from '@kyoka/postgres';
import { readHoldings, readReleases, releaseChainReader } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Company,
  HANA,
  KEN,
  openCompany,
  openShared,
  pass,
  type Person,
  PROCESSING_MS,
  reportOf,
  settle,
  sha256Hex,
  type Shared,
  START,
  TARO,
} from './harness/index.js';

let shared: Shared;
let company: Company;

beforeAll(async () => {
  shared = await openShared();
});
beforeEach(async () => {
  company = await openCompany(shared);
});
afterEach(() => company.close());
afterAll(() => shared.close());

async function ran(network: 'google' | 'meta', ...persons: Person[]) {
  const ids = await company.enter(...persons);
  const audience = await company.audience(network);
  const run = await company.run(audience);
  await settle(company.context);
  await pass(company, 2 * PROCESSING_MS, 5_000);
  return { ids, audience, run };
}

describe.each(['google', 'meta'] as const)('a run to %s', (network) => {
  it('sends who is in the segment and permitted, and nobody else', async () => {
    const withoutOrder: Person = { ref: 'no-order', email: 'no-order@example.jp', ordered: false };
    const withoutConsent: Person = { ref: 'no', email: 'no@example.jp', consents: [] };
    const mall: Person = {
      ref: 'mall',
      email: 'mall@example.jp',
      source: 'mall.rakuten',
      category: 'mall_customer',
    };
    const { run } = await ran(network, TARO, HANA, KEN, withoutOrder, withoutConsent, mall);
    const { waterfall, state } = await reportOf(company, run);
    expect(state).toBe('finished');
    expect(waterfall).toMatchObject({
      segment: 5,
      permitted: 3,
      toAdd: 3,
      sent: 3,
      accepted: 3,
      unknown: 0,
      stoppedAtGate: 0,
    });
    expect(waterfall.segment - waterfall.permitted).toBe(
      waterfall.minus.reduce((sum, { people }) => sum + people, 0),
    );
    expect(waterfall.minus.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['category_not_granted', 'provision_consent_missing']),
    );
    expect([TARO, HANA, KEN].map((person) => company.held(network, person))).toEqual([2, 1, 1]);
    for (const person of [withoutOrder, withoutConsent, mall]) {
      expect(company.requests(network, 'add', person)).toBe(0);
    }
  });

  it('never sends a person who withdrew before it', async () => {
    const ids = await company.enter(TARO, HANA);
    await company.stop({ subjectId: ids.get('taro') as string }, { kind: 'withdrawal' });
    const run = await company.run(await company.audience(network));
    await settle(company.context);
    await pass(company, PROCESSING_MS, 5_000);
    expect(company.requests(network, 'add', TARO)).toBe(0);
    expect(company.held(network, HANA)).toBe(1);
    expect((await reportOf(company, run)).waterfall.minus).toContainEqual({
      code: 'consent_withdrawn',
      people: 1,
      withAny: 1,
    });
  });

  it('sends the difference only, and takes out who left the segment', async () => {
    const { audience } = await ran(network, TARO, HANA);
    await company.enter(KEN);
    await mergeCancellations(queryable(company.permissions), [
      { source: 'store', orderRef: 'o-hana', at: company.clock.now },
    ]);
    const second = await company.run(audience);
    await settle(company.context);
    await pass(company, 3 * PROCESSING_MS, 5_000);
    expect((await reportOf(company, second)).waterfall).toMatchObject({
      segment: 2,
      permitted: 2,
      unchanged: 1,
      toAdd: 1,
      toRemove: 1,
      accepted: 1,
    });
    expect(company.requests(network, 'add', TARO)).toBe(1);
    expect([TARO, HANA, KEN].map((person) => company.held(network, person))).toEqual([2, 0, 1]);
  });
});

describe('what a run leaves behind', () => {
  it('is a release per person with what a record of provision asks for', async () => {
    const { ids, audience } = await ran('google', TARO);
    expect(await readReleases(company.db, ids.get('taro') as string, 10)).toEqual([
      {
        at: new Date(START).toISOString(),
        recipient: 'google',
        audience,
        items: ['hashed_email', 'hashed_phone'],
        decisionId: expect.any(String) as string,
        policy: 'almado@1',
        evidence: ['ev-taro-google'],
      },
    ]);
    const [stored] = await company.db.query<{ body: unknown }>(
      'select body from audiences.release where subject_id = $1',
      [ids.get('taro')],
    );
    const point = (kind: 'email' | 'phone', value: string) =>
      `${kind}:${company.vault.token(kind, value).toString('base64url')}`;
    expect(stored?.body).toMatchObject({
      audience,
      recipient: 'google',
      destination: company.context.connectors.get('google')?.destination,
      terms: expect.objectContaining({ kind: 'ad_network', country: 'US' }) as object,
      purpose: 'ad_matching',
      items: ['hashed_email', 'hashed_phone'],
      contacts: [point('email', 'taro@example.jp'), point('phone', '+819012345678')],
      basis: expect.any(String) as string,
      source: 'store',
      evidence: ['ev-taro-google'],
      policy: 'almado@1',
      rule: expect.stringContaining('almado@1#/') as string,
      ruledBy: {
        files: expect.objectContaining({ 'almado@1': expect.any(String) as string }) as object,
      },
      actor: 'user:sato',
    });
    expect(await readHoldings(company.db, ids.get('taro') as string)).toHaveLength(2);
  });

  it('is an event that its readers understand', async () => {
    const { ids } = await ran('google', TARO, HANA);
    const rows = await company.db.query<{ key: string; payload: unknown }>(
      `select key, payload from audiences.outbox where type = 'jp.kyoka.release.committed.v1' order by id`,
    );
    expect(rows.map((row) => row.key).sort()).toEqual([...ids.values()].sort());
    for (const { key, payload } of rows) {
      const data = OUTPUT_EVENTS['jp.kyoka.release.committed.v1'].data.parse(payload);
      expect(data).toMatchObject({ subject: key, recipient: 'google', purpose: 'ad_matching' });
    }
  });

  it('can neither be changed nor deleted, and hangs together', async () => {
    await ran('google', TARO, HANA, KEN);
    for (const change of [
      'update audiences.release set body = body',
      'delete from audiences.release',
      'truncate audiences.block cascade',
      'update audiences.switch_act set by_user = by_user',
    ]) {
      await expect(company.db.query(change)).rejects.toThrow();
    }
    const reader = releaseChainReader(company.db);
    const [head] = await reader.heads();
    const verdict = await verifyChain(
      sha256Hex,
      'release',
      reader.blocks('release'),
      new Map([[head?.number ?? 0, new Set([head?.hash ?? ''])]]),
    );
    expect(verdict).toMatchObject({ entries: 3, unwitnessed: 0, defects: [] });
  });
});

describe('the same run asked for again', () => {
  it('is the same run for the same key, and a conflict for another user', async () => {
    await company.enter(TARO);
    const audience = await company.audience('google');
    const run = await company.run(audience, 'user:sato', 'monday');
    expect(await company.run(audience, 'user:sato', 'monday')).toBe(run);
    await expect(company.run(audience, 'user:mallory', 'monday')).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(company.run(audience, 'user:sato', 'tuesday')).rejects.toMatchObject({
      code: 'conflict',
    });
    await settle(company.context);
    expect(await company.run(audience, 'user:sato', 'monday')).toBe(run);
    expect(company.requests('google', 'add', TARO)).toBe(1);
  });

  it('asked for by two at once it is one', async () => {
    await company.enter(TARO);
    const audience = await company.audience('google');
    const runs = await Promise.all(
      Array.from({ length: 4 }, () => company.run(audience, 'user:sato', 'monday')),
    );
    expect(new Set(runs).size).toBe(1);
  });
});
