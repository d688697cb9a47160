import { isKyokaError } from '@kyoka/kernel';
import { describe, expect, it } from 'vitest';
import { createClient } from './index.js';

const CASE = {
  policy: 'almado@1',
  subject: { source: 'store', ref: 'c-1' },
  request: { purpose: 'info_product', channel: 'email' },
};
const ALLOWED = { allowed: true, policy: 'almado@1', evidence: [] };

type Played = Error | { readonly status: number; readonly body: unknown; readonly after?: string };

const problemOf = (status: number, code: string) => ({
  status,
  body: { type: `urn:kyoka:problem:${code}`, title: 'no', status, code },
});
const ok = (body: unknown): Played => ({ status: 200, body });

/** A client of a service that gives these answers, one after another, and what it was asked. */
function clientOf(...answers: Played[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const waits: number[] = [];
  const client = createClient({
    url: 'http://127.0.0.1:3000',
    token: 'kyoka_secret',
    patience: { wait: async (ms) => void waits.push(ms) },
    fetch: (async (url: URL, init: RequestInit) => {
      asked.push({ url: url.href, init });
      const answer = answers[Math.min(asked.length, answers.length) - 1] as Played;
      if (answer instanceof Error) throw answer;
      return new Response(JSON.stringify(answer.body), {
        status: answer.status,
        headers: answer.after === undefined ? {} : { 'retry-after': answer.after },
      });
    }) as typeof fetch,
  });
  return { client, asked, waits };
}

const down = new TypeError('fetch failed');
const busy = problemOf(503, 'database_unavailable');

describe('asking again', () => {
  it('after passing faults, longer each time, and not before the service allows', async () => {
    const { client, asked, waits } = clientOf(down, { ...busy, after: '7' }, ok(ALLOWED));
    expect(await client.decide(CASE)).toEqual(ALLOWED);
    expect(asked).toHaveLength(3);
    expect(waits[0]).toBeLessThanOrEqual(250);
    expect(waits[1]).toBe(7000);
  });

  it.each([502, 503, 504])(
    'after a proxy has said %i, since nothing behind it answers',
    async (status) => {
      const { client, asked } = clientOf({ status, body: '<html>' }, ok({ id: 's-1' }));
      const scope = { purposes: ['*'], channels: ['*' as const] };
      expect(await client.suspend({ subject: CASE.subject, scope })).toEqual({ id: 's-1' });
      expect(asked).toHaveLength(2);
    },
  );

  it('ends with the last fault', async () => {
    const { client, asked } = clientOf(down);
    await expect(client.suspension('s-1')).rejects.toMatchObject({ code: 'network_unavailable' });
    expect(asked).toHaveLength(4);
  });

  it.each([
    ['bad_input', 400],
    ['unauthenticated', 401],
    ['not_permitted', 403],
    ['not_found', 404],
    ['conflict', 409],
  ])('is of no use after %s', async (code, status) => {
    const { client, asked } = clientOf(problemOf(status, code));
    await expect(client.decide(CASE)).rejects.toMatchObject({ code, answered: true });
    expect(asked).toHaveLength(1);
  });

  it('a decision that is recorded is asked for again only where the service said that it is not there', async () => {
    const recorded = { ...CASE, record: true };
    const lost = clientOf(down, ok(ALLOWED));
    await expect(lost.client.decide(recorded)).rejects.toMatchObject({ answered: false });
    expect(lost.asked).toHaveLength(1);
    const refused = clientOf(busy, ok(ALLOWED));
    expect(await refused.client.decideAll([]).then(() => refused.client.decide(recorded))).toEqual(
      ALLOWED,
    );
    expect(refused.asked).toHaveLength(2);
  });

  it('a stop is asked for again in any case', async () => {
    const { client, asked } = clientOf(down, ok({ id: 's-1' }));
    const scope = { purposes: ['*'], channels: ['*' as const] };
    expect(await client.suspend({ subject: CASE.subject, scope })).toEqual({ id: 's-1' });
    expect(asked).toHaveLength(2);
  });
});

it('many are asked for in parts, and answered in their order', async () => {
  const { client, asked } = clientOf(
    ok({ decisions: Array.from({ length: 1000 }, () => ALLOWED) }),
    ok({ decisions: [{ ...ALLOWED, id: 'last' }] }),
  );
  const answers = await client.decideAll(Array.from({ length: 1001 }, () => CASE));
  expect(answers).toHaveLength(1001);
  expect(answers.at(-1)).toMatchObject({ id: 'last' });
  expect(asked.map(({ url }) => new URL(url).pathname)).toEqual(
    Array.from({ length: 2 }, () => '/v1/decisions:batch'),
  );
});

it('waits for the confirmations of a suspension', async () => {
  const pending = { followed: true, removals: [{ state: 'unconfirmed' }] };
  const done = { followed: true, removals: [{ state: 'confirmed' }] };
  const { client } = clientOf(ok({ followed: false, removals: [] }), ok(pending), ok(done));
  expect(await client.untilConfirmed('s-1', 60_000)).toEqual(done);
});

describe('what never leaves', () => {
  it.each(['http://kyoka.example', 'ftp://127.0.0.1', 'nowhere'])('the token to %s', (url) => {
    expect(() => createClient({ url, token: 't' })).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });

  it('what was asked or answered, in a fault', async () => {
    const contact = { kind: 'email' as const, value: 'taro@example.jp' };
    const { client } = clientOf({ status: 502, body: 'bad gateway for taro@example.jp' });
    const fault: unknown = await client
      .decide({ ...CASE, subject: { contact } })
      .catch((thrown: unknown) => thrown);
    expect(isKyokaError(fault) && fault.code).toBe('network_unavailable');
    expect(JSON.stringify([fault, String(fault), (fault as Error).stack])).not.toContain('taro');
  });
});
