import { randomUUID } from 'node:crypto';
import type { SubjectAnswer } from '@kyoka/contracts';
import { DAY } from '@kyoka/kernel';
import { createPublisher, type JsonValue, toStructured } from '@kyoka/publisher';
import { openVault } from '@kyoka/vault';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registered } from '../intake/registered.js';
import { type Harness, openHarness, POLICY } from './harness.js';
import { eventOf, idOf, member, post } from './people.js';

let harness: Harness;
let sign: (event: ReturnType<typeof eventOf>) => Promise<unknown>;
beforeAll(async () => {
  harness = await openHarness();
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
  const vault = await openVault({ keyDir: harness.keyDir });
  const { kid, key } = await registered(
    { pool: harness.summary.permissions, vault },
    {
      name: 'shop',
      sources: ['store'],
      types: ['suspension.lifted', 'consent.granted', 'contact.confirmed'].map(
        (type) => `jp.kyoka.${type}.v1`,
      ),
      validUntil: Date.now() + DAY,
    },
  );
  const publisher = createPublisher({ kid, key, source: 'store' });
  sign = async ({ type, time, data }) =>
    toStructured(
      await publisher.event({ id: randomUUID(), type, time, data: data as unknown as JsonValue }),
    );
});
afterAll(() => harness.close());

const AT = '2026-03-01T09:00:00+09:00';
const confirmed = { by: 'session', at: AT };
const evidence = { id: 'ev-attest', actor: 'subject', confirmed };

/** A person who has stopped everything, and what would undo it if their session were attested. */
async function stopped(ref: string) {
  const contacts = [{ kind: 'email' as const, value: `${ref}@example.jp` }];
  await post(harness.ask, member(ref, contacts));
  const id = await idOf(harness.ask, ref);
  const scope = { purposes: ['*'], channels: ['*'] };
  const stop = eventOf(ref, 'suspension.requested', {
    scope,
    occurredAt: '2026-02-01T09:00:00+09:00',
  });
  expect(await post(harness.ask, [stop])).toEqual(['accepted']);
  const claims = [
    eventOf(ref, 'suspension.lifted', { scope, occurredAt: AT, evidence }),
    eventOf(ref, 'consent.granted', {
      category: 'member',
      policyVersion: POLICY,
      purpose: 'info_product',
      channels: ['email'],
      contacts: [{ ...contacts[0], confirmedAt: AT }],
      occurredAt: AT,
      evidence,
    }),
    eventOf(ref, 'contact.confirmed', { contacts, occurredAt: AT, confirmed }),
  ];
  const read = async () => {
    const answer = (await harness.ask(`/v1/subjects/${id}`)).json<SubjectAnswer>();
    return {
      lifted: answer.stops.map(({ kind, endedAt }) => [kind, endedAt !== undefined]),
      confirmed: answer.contactPoints.map(({ confirmedAt }) => confirmedAt !== undefined),
      proofs: answer.permissions
        .filter(({ purpose }) => purpose === 'info_product')
        .map(({ proof }) => proof),
    };
  };
  return { claims, read };
}

it('the holder of a token attests nothing, whatever source an event claims', async () => {
  const { claims, read } = await stopped('attest-token');
  expect(await post(harness.ask, claims)).toEqual(['accepted', 'accepted', 'accepted']);
  expect(await read()).toEqual({
    lifted: [['suspension', false]],
    confirmed: [false],
    proofs: ['evidenced'],
  });
});

it('control: the same claims count under a publisher key of the source, over the same HTTP', async () => {
  const { claims, read } = await stopped('attest-key');
  expect(await post(harness.ask, await Promise.all(claims.map(sign)))).toEqual([
    'accepted',
    'accepted',
    'accepted',
  ]);
  expect(await read()).toEqual({
    lifted: [['suspension', true]],
    confirmed: [true],
    proofs: ['confirmed'],
  });
});
