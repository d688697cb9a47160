import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Company,
  grant,
  minutes,
  NEWSLETTER,
  openCompany,
  suspension,
  withdrawal,
} from './company.js';

const MANY = 30;
let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const withPhone = (ref: string, phone: string) =>
  grant(ref, ref, {
    contacts: [
      { kind: 'email', value: `${ref.toLowerCase()}@example.jp` },
      { kind: 'phone', value: phone },
    ],
  });

const confirmed = (id: string, ref: string, at: string) =>
  grant(id, ref, {
    contacts: [],
    occurredAt: at,
    evidence: {
      id: `ev-${id}`,
      actor: 'subject',
      confirmed: { by: 'session', at },
    },
  });

/** How many states were told meanwhile. */
async function told(act: () => Promise<unknown>): Promise<number> {
  const count = async () => {
    const [row] = await company.db.query<{ told: string }>(
      `select count(*) as told from permissions.outbox where topic = 'kyoka.permissions.v1'`,
    );
    return Number(row?.told);
  };
  const before = await count();
  await act();
  return (await count()) - before;
}

describe('a phone number that many give', () => {
  const phone = '03-3334-0100';
  const refs = Array.from({ length: MANY }, (_, n) => `A${n}`);

  it('has the state of each told once as they appear', async () => {
    const appear = async () => {
      for (const ref of refs) await company.feed(withPhone(ref, phone));
    };
    expect(await told(appear)).toBe(MANY);
  });

  it('has the state of one told who confirms what nobody has stopped', async () => {
    expect(await told(() => company.feedSigned(confirmed('A0-c', 'A0', minutes(-30))))).toBe(1);
  });

  it('has the state of everybody told when one stops, and says so to whoever comes later', async () => {
    expect(
      await told(() => company.feed(withdrawal('A1-w', 'A1', { occurredAt: minutes(-20) }))),
    ).toBe(MANY);
    expect(await told(() => company.feed(withPhone('A-late', phone)))).toBe(1);
    expect((await company.states('A-late'))['store/A-late']).toMatchObject({
      stops: [{ kind: 'withdrawal', through: 'contact_point' }],
    });
    expect(await company.ask(NEWSLETTER, 'A-late')).toEqual(['consent_withdrawn']);
  });

  it('has the state of everybody told when somebody ends that', async () => {
    expect(await told(() => company.feedSigned(confirmed('A2-c', 'A2', minutes(-10))))).toBe(
      MANY + 1,
    );
    expect(await company.ask(NEWSLETTER, 'A-late')).toBe('allowed');
  });

  it('has one line for each kind of stop, however many stopped', async () => {
    await company.feed(
      ...refs.map((ref) => suspension(`${ref}-s`, { subject: { source: 'store', ref } })),
    );
    const { stops } = (await company.states('A-late'))['store/A-late'] as { stops: object[] };
    expect(stops).toHaveLength(2);
  });
});

it('tells everybody who has a contact point when that itself is stopped', async () => {
  const phone = '03-3334-0200';
  await company.feed(withPhone('B1', phone), withPhone('B2', phone));
  const stop = suspension('B3', { contacts: [{ kind: 'phone', value: phone }] });
  expect(await told(() => company.feed(stop))).toBe(2);
});

it('tells the neighbours of a stopped person of a contact point that comes to tie them', async () => {
  const phone = '03-3334-0300';
  await company.feed(withPhone('C1', phone), grant('C2', 'C2'));
  await company.feed(suspension('C3', { subject: { source: 'store', ref: 'C2' } }));
  expect(await told(() => company.feed(withPhone('C2', phone)))).toBe(0);
  expect(await told(() => company.feed({ ...withPhone('C2', phone), id: 'C4' }))).toBe(2);
  expect(await company.ask(NEWSLETTER, 'C1')).toEqual(['suppressed_suspension']);
});
