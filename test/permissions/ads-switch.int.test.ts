import { randomUUID } from 'node:crypto';
import type { RecipientFacts } from '@kyoka/decision';
import { DAY } from '@kyoka/kernel';
import {
  decideStored,
  lockSubjects,
  mergeContacts,
  mergeSubjects,
  raiseConsents,
  readPolicySet,
  subjectKey,
} from '@kyoka/permission-store';
import { inTransaction, openPool, type Pool } from '@kyoka/postgres';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const NOW = Date.parse('2026-11-22T01:00:00Z');
const BEFORE = NOW - 100 * DAY;

const GOOGLE: RecipientFacts = {
  id: 'google',
  kind: 'ad_network',
  basis: 'consent',
  contractRef: 'contract',
  useLimitRef: 'terms',
  items: ['hashed_email', 'hashed_phone'],
  reviewedAt: NOW - DAY,
  country: 'US',
  foreignBasis: 'consent',
  enabled: true,
};

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await databaseForTests();
  pool = await openPool(database.url, {
    role: 'kyoka_permissions',
    max: 2,
    applicationName: 'ads-switch-test',
  });
});
afterAll(async () => {
  await pool.destroy();
  await database.drop();
});

interface Someone {
  readonly source?: 'store' | 'mall.rakuten';
  readonly address: string;
  readonly consented?: boolean;
  readonly switched?: 'on' | 'off';
}

/** Stores a person with one email address; tokens stand for addresses here. */
async function enter({ source = 'store', address, consented, switched }: Someone): Promise<string> {
  const ref = randomUUID();
  const token = Buffer.from(address.padEnd(32, '.'));
  return inTransaction(pool, async (tx) => {
    const ids = await lockSubjects(tx, [{ source, ref }], [randomUUID()], BEFORE);
    const id = ids.get(subjectKey({ source, ref })) as string;
    const category = source === 'store' ? 'member' : 'mall_customer';
    await mergeSubjects(tx, [
      {
        id,
        category: { value: category, at: BEFORE, event: 'e' },
        acquired: { source, at: BEFORE, event: 'e', policyVersion: 'almado@1', noticeShown: true },
        registeredAt: BEFORE,
        ...(switched === 'on' && { adsOnAt: BEFORE }),
        ...(switched === 'off' && { adsOffAt: BEFORE }),
      },
    ]);
    await mergeContacts(tx, [
      {
        subjectId: id,
        kind: 'email',
        class: 'personal',
        line: null,
        token,
        fold: token,
        source,
        rulesVersion: '1',
        sealed: Buffer.from('sealed'),
      },
    ]);
    if (consented) {
      await raiseConsents(tx, [
        {
          subjectId: id,
          purpose: 'ad_matching',
          channel: 'ads',
          recipient: 'google',
          act: 'granted',
          class: 'evidenced',
          at: BEFORE,
          evidenceId: `ev-${ref}`,
          actor: 'subject',
          policyVersion: 'almado@1',
          entry: randomUUID(),
        },
      ]);
    }
    return id;
  });
}

async function ask(subject: Parameters<typeof decideStored>[2][number]['subject']) {
  const policies = await readPolicySet('deploy');
  const use = { from: '2026-11-01', to: '2026-11-30', users: ['user:sato'] };
  const [answer] = await inTransaction(pool, (tx) =>
    decideStored(
      tx,
      policies,
      [
        {
          subject,
          policy: 'almado@1',
          request: {
            purpose: 'ad_matching',
            channel: 'ads',
            recipient: 'google',
            contentOwner: 'own',
            actor: 'user:sato',
            use,
          },
          recipient: GOOGLE,
        },
      ],
      NOW,
    ),
  );
  const { allowed = false, reasons = [] } = answer?.decision ?? {};
  return allowed ? 'allowed' : reasons.map(({ code, detail }) => `${code}: ${detail}`);
}

const NEVER = 'ads_switch_off: the person never switched behavioural ads on';
const OFF = 'ads_switch_off: the person switched behavioural ads off';
const NO_CONSENT =
  'provision_consent_missing: the person has not consented to ad matching at this recipient';

describe('the switch of a stored person', () => {
  it.each([
    ['on, with a consent', { consented: true, switched: 'on' }, 'allowed'],
    ['never set, with a consent', { consented: true }, [NEVER]],
    ['never set, without a consent', {}, [NEVER, NO_CONSENT]],
    ['off, with a consent', { consented: true, switched: 'off' }, [OFF]],
    ['on, without a consent', { switched: 'on' }, [NO_CONSENT]],
  ] as const)('is %s', async (what, person, expected) => {
    const id = await enter({ address: what, ...person });
    expect(await ask({ id })).toEqual(expected);
  });

  it('is a known fact of a buyer at a mall, who has no account to touch it in', async () => {
    const id = await enter({ source: 'mall.rakuten', address: 'mall' });
    const reasons = await ask({ id });
    expect(reasons).toContain(NEVER);
    expect(String(reasons)).not.toContain('facts_incomplete');
  });

  it('stops whoever shares the address if it is off, not if it was never set', async () => {
    const token = (address: string) => Buffer.from(address.padEnd(32, '.'));
    await enter({ address: 'shared', consented: true, switched: 'on' });
    await enter({ address: 'shared' });
    expect(await ask({ kind: 'email', token: token('shared') })).toBe('allowed');
    await enter({ address: 'shared', switched: 'off' });
    expect(await ask({ kind: 'email', token: token('shared') })).toContain(OFF);
  });
});
