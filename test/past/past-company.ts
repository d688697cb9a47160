import { randomUUID } from 'node:crypto';
import type { Identity } from '@kyoka/access';
import type { DecisionAnswer, DecisionRequest } from '@kyoka/contracts';
import { permissionsServices, PoliciesInForce } from '@kyoka/edge';
import { DAY, formatInstant, HOUR, type Instant, tokyoDay } from '@kyoka/kernel';
import { openPool } from '@kyoka/postgres';
import { changeSwitch, defineAudience, registerRecipient } from '@kyoka/release';
import type { Random } from '../everybody/random.js';
import { NOW } from '../intake/harness.js';
import { type Company, openCompany } from '../permissions/company.js';

export const AUDITOR: Identity = {
  owner: 'user:sato',
  credential: randomUUID(),
  roles: [],
  scopes: new Set(['decisions:ask', 'subjects:read']),
  startsAt: NOW - DAY,
  endsAt: NOW + 365 * DAY,
  makers: [],
};

const DESTINATION = 'https://ads.example/1';
const GOOGLE = { target: 'recipient', id: 'google' } as const;
const ALMADO = { target: 'policy', id: 'almado@1' } as const;

/** A company whose policy, recipient and freezes change as its people do, under one moved clock. */
export interface PastCompany {
  readonly company: Company;
  readonly audience: string;
  decide(requests: readonly DecisionRequest[]): Promise<DecisionAnswer[]>;
  /** Something random that the company's own people do. */
  act(random: Random): Promise<void>;
  close(): Promise<void>;
}

export async function openPastCompany(): Promise<PastCompany> {
  const company = await openCompany();
  const audiences = await openPool(company.database.url, {
    role: 'kyoka_audiences',
    max: 2,
    applicationName: 'past-test',
  });
  const clock = (): Instant => company.clock.now;
  const services = permissionsServices({
    ...company.ports,
    permissions: company.pool,
    intake: company.ports,
    policies: company.policies,
    inForce: new PoliciesInForce(company.db, company.policies),
    addressOf: () => DESTINATION,
    wake: () => undefined,
    pages: {
      publicUrl: () => 'http://127.0.0.1',
      terms: { preferencesMs: 1, oneClickMs: 1, confirmationMs: 1 },
      mailing: false,
      wakeMails: () => undefined,
    },
  });
  const register = (daysReviewed: number, items: readonly string[]): Promise<void> =>
    registerRecipient(
      audiences,
      {
        id: 'google',
        network: 'google',
        kind: 'ad_network',
        basis: 'consent',
        contractRef: 'contract',
        useLimitRef: 'terms',
        items,
        country: 'US',
        foreignBasis: 'consent',
        party: { name: 'Google', address: '1 Test Street', representative: 'somebody' },
        reviewedAt: tokyoDay(clock() - daysReviewed * DAY),
      },
      'user:sato',
      clock(),
    );
  const off = (target: typeof GOOGLE | typeof ALMADO): Promise<unknown> =>
    changeSwitch(
      audiences,
      target,
      { act: 'off', reason: 'test' },
      { by: 'user:sato', at: clock() },
    );
  const on = async (target: typeof GOOGLE | typeof ALMADO): Promise<void> => {
    const destination = target === GOOGLE ? { destination: DESTINATION } : {};
    const asked = await changeSwitch(
      audiences,
      target,
      { act: 'request_on', reason: 'test' },
      { by: 'user:sato', at: clock(), ...destination },
    );
    await changeSwitch(
      audiences,
      target,
      { act: 'approve_on', request: asked.pending?.request ?? '' },
      { by: 'user:suzuki', at: clock(), ...destination },
    );
  };
  const switched = async (target: typeof GOOGLE | typeof ALMADO): Promise<void> => {
    await off(target);
    await on(target);
  };
  await register(10, ['hashed_email', 'hashed_phone']);
  await on(ALMADO);
  await on(GOOGLE);
  const audience = await defineAudience(
    { pool: audiences, clock },
    {
      name: 'buyers',
      segment: { orders: { category: 'jewellery', within: 'P180D' } },
      policy: 'almado@1',
      purpose: 'ad_matching',
      contentOwner: 'own',
      recipient: 'google',
      period: { from: tokyoDay(NOW), to: tokyoDay(NOW + 20 * DAY) },
      users: ['user:sato'],
      owner: 'user:sato',
    },
  );

  return {
    company,
    audience,
    decide: (requests) => services.decisions.decide(requests, AUDITOR),
    async act(random) {
      const what = random.weighted({
        freeze: 2,
        unfreeze: 2,
        policyOff: 1,
        recipientOff: 2,
        switched: 6,
        renewed: 2,
      });
      switch (what) {
        case 'freeze':
          await services.freezes.set(
            {
              scope: { purposes: [random.one(['*', 'info_product'])], channels: ['*'] },
              reason: 'test',
              ...(random.chance(0.5) && { sources: ['mall.rakuten'] }),
            },
            AUDITOR,
          );
          break;
        case 'unfreeze':
          await company.db.query(
            `update permissions.freeze set lifted_at = $1, lifted_by = 'user:sato', lift_reason = 'test'
             where lifted_at is null`,
            [formatInstant(clock())],
          );
          break;
        case 'policyOff':
          await off(ALMADO);
          break;
        case 'recipientOff':
          await off(GOOGLE);
          await register(random.one([10, 500]), [random.one(['hashed_email', 'hashed_phone'])]);
          break;
        case 'switched':
          await switched(ALMADO);
          await switched(GOOGLE);
          break;
        case 'renewed':
          await off(GOOGLE);
          await register(0, ['hashed_email', 'hashed_phone']);
          await on(GOOGLE);
          break;
      }
    },
    async close() {
      await audiences.destroy();
      await company.close();
    },
  };
}

/** How far the clock goes on between two steps. */
export const pause = (random: Random): number => random.between(2 * HOUR, 20 * HOUR);
