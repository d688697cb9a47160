import type { Json } from '@kyoka/kernel';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Harness, openHarness, plain } from './harness.js';

let harness: Harness;
let ref: string;
let email: string;
let counter = 0;

beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(() => {
  counter += 1;
  ref = `n-${counter}`;
  email = `never${counter}@example.jp`;
});

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T09:00:00+09:00`;
let ids = 0;
const event = (type: string, data: { readonly [name: string]: Json }) =>
  plain({ type, id: `n${(ids += 1)}`, data });

const contacts = () => [{ kind: 'email', value: email }];
const grant = (
  day: number,
  {
    who = { source: 'store', ref },
    actor = 'subject',
    more = {},
  }: { who?: Json; actor?: string; more?: { readonly [name: string]: Json } } = {},
) =>
  event('consent.granted', {
    subject: who,
    category: 'member',
    contacts: contacts(),
    purpose: 'info_product',
    channels: ['email'],
    occurredAt: at(day),
    policyVersion: 'almado@1',
    evidence: { id: `ev-${ids}`, actor, ...more },
  });
const withdrawal = (day: number) =>
  event('consent.withdrawn', {
    subject: { source: 'store', ref },
    purpose: 'info_product',
    channels: ['email'],
    occurredAt: at(day),
    evidence: { id: `ev-${ids}`, actor: 'subject' },
  });
const erasure = (day: number) =>
  event('erasure.requested', {
    subject: { source: 'store', ref },
    contacts: contacts(),
    occurredAt: at(day),
  });
const registration = (day: number, who: Json = { source: 'store', ref }) =>
  event('customer.registered', {
    subject: who,
    category: 'member',
    contacts: contacts(),
    occurredAt: at(day),
    policyVersion: 'almado@1',
  });

interface State {
  readonly permissions: readonly { readonly state: string; readonly at: string }[];
  readonly stops: readonly { readonly kind: string; readonly endedAt?: string }[];
}
const stateOf = async (name = `store/${ref}`) => (await harness.states())[name] as unknown as State;
const standing = ({ stops }: State) =>
  stops.filter(({ endedAt }) => endedAt === undefined).map(({ kind }) => kind);

it('a withdrawal stays visible with its date, and an older grant that comes late changes nothing', async () => {
  await harness.intake.ingest([withdrawal(5)]);
  await harness.intake.ingest([grant(2)]);
  expect((await stateOf()).permissions).toMatchObject([
    { state: 'withdrawn', at: new Date(at(5)).toISOString() },
  ]);
});

it.each(['import', 'operator'])('no %s lifts a withdrawal, however new', async (actor) => {
  await harness.intake.ingest([grant(1), withdrawal(5)]);
  await harness.intake.ingest([grant(8, { actor })]);
  const other = { source: 'store', ref: `other-${counter}` };
  await harness.intake.ingest([grant(9, { who: other, actor })]);
  // For whoever shares the address the withdrawal still stands.
  expect(standing(await stateOf(`store/other-${counter}`))).toEqual(['withdrawal']);
  expect((await stateOf()).permissions).toMatchObject([{ state: 'withdrawn' }]);
});

it('a registration anew lifts nothing', async () => {
  await harness.intake.ingest([grant(1), withdrawal(5), registration(8)]);
  expect((await stateOf()).permissions).toMatchObject([{ state: 'withdrawn' }]);
});

it('an erased address that is imported again, under another name, stays stopped', async () => {
  await harness.intake.ingest([grant(1), erasure(5)]);
  const again = { source: 'import', ref: `again-${counter}` };
  await harness.intake.ingest([
    registration(8, again),
    grant(8, { who: again, actor: 'import' }),
    grant(9, { who: again }),
  ]);
  expect(standing(await stateOf(`import/again-${counter}`))).toContain('erasure');
});

it('a weak stop that comes later hides no strong one', async () => {
  await harness.intake.ingest([grant(1), erasure(5)]);
  await harness.intake.ingest([
    event('delivery.bounced', {
      contacts: contacts(),
      channel: 'email',
      bounce: 'hard',
      occurredAt: at(8),
    }),
  ]);
  expect(standing(await stateOf())).toEqual(expect.arrayContaining(['erasure', 'hard_bounce']));
});

it('a lift that nobody confirmed, or of another person, lifts nothing', async () => {
  await harness.intake.ingest([grant(1), erasure(5)]);
  const lift = (who: Json, evidence: { readonly [name: string]: Json }) =>
    event('suspension.lifted', {
      subject: who,
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: at(8),
      evidence: { id: `ev-${ids}`, actor: 'subject', ...evidence },
    });
  await harness.intake.ingest([
    lift({ source: 'store', ref }, {}),
    lift(
      { source: 'store', ref: `stranger-${counter}` },
      { confirmed: { by: 'session', at: at(8) } },
    ),
    // A source whose contract doesn't let it attest a session.
    lift({ source: 'import', ref }, { confirmed: { by: 'session', at: at(8) } }),
  ]);
  expect(standing(await stateOf())).toContain('erasure');
});
