import type { Identity } from '@kyoka/access';
import { ConsoleModule, createEdge, HealthModule } from '@kyoka/edge';
import { ERROR_CODES, type ErrorCode, KyokaError } from '@kyoka/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { SATO } from './edge-without-stores.js';

const CSRF = 'form-token';
let failure: KyokaError;
let wait: number | undefined;
let identity: Identity | undefined = SATO;
beforeEach(() => {
  wait = undefined;
  identity = { ...SATO, csrf: CSRF };
});

const failing = async () => {
  throw failure;
};
/** A process that shows pages, and where nobody can sign in. */
const app = await createEdge({
  roles: [
    ConsoleModule.with({
      console: { overview: failing },
      subjects: {},
      parked: {},
      publishers: {},
      tokens: {},
      sessions: {},
    } as never),
    HealthModule.with({ database: () => true }),
  ],
  access: { identify: async () => identity, quotas: { take: async () => wait } },
  logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
  maxBodyBytes: 1024,
  onFault: () => undefined,
});
await app.init();
afterAll(() => app.close());

const look = (url: string, { lang = 'en', cookie = 'kyoka_session=x', ...headers } = {}) =>
  app.inject({
    url,
    headers: { accept: 'text/html', 'accept-language': lang, cookie, ...headers },
  });

/** What a page says in its one notice. */
const noticeOf = (page: string) => /role="alert">(.*?)<\/div>/.exec(page)?.[1] ?? '';

describe('a fault that somebody sees on a page', () => {
  it('is told in words of its own for every code of the closed list, in both languages', async () => {
    const told = new Map<string, ErrorCode[]>();
    for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
      failure = new KyokaError(code, 'not for anybody');
      const [ja, en] = [await look('/', { lang: 'ja' }), await look('/')];
      for (const page of [ja, en]) {
        expect(page.statusCode).toBeGreaterThanOrEqual(400);
        expect(page.headers['content-type']).toContain('text/html');
        expect(page.body).not.toContain('not for anybody');
      }
      expect(noticeOf(ja.body)).toMatch(/[ぁ-ん]/);
      expect(noticeOf(en.body)).toMatch(/^<p>[A-Z][^ぁ-ん]+<\/p>$/);
      const words = noticeOf(en.body).replace(/<p>Try again in.*?<\/p>/, '');
      told.set(words, [...(told.get(words) ?? []), code]);
    }
    // What is a fault of the service itself is told alike, and says nothing.
    const alike = [...told.values()].filter((codes) => codes.length > 1);
    expect(alike).toEqual([expect.arrayContaining(['internal', 'key_missing', 'seal_broken'])]);
    expect(told.size).toBe(11);
  });

  it('names the right that is missing', async () => {
    identity = { ...SATO, scopes: new Set(['decisions:ask']), csrf: CSRF };
    const page = await look('/parked', { lang: 'ja' });
    expect(page.statusCode).toBe(403);
    expect(noticeOf(page.body)).toContain('必要な権限: parked:read');
  });

  it('tells who asked too much how long to wait, in the header and in words', async () => {
    wait = 42;
    const page = await look('/');
    expect([page.statusCode, page.headers['retry-after']]).toEqual([429, '42']);
    expect(noticeOf(page.body)).toContain('Try again in 42 seconds.');
    expect(noticeOf((await look('/', { lang: 'ja' })).body)).toContain('42秒後');
  });
});

describe('whoever is not signed in', () => {
  beforeEach(() => {
    identity = undefined;
  });

  it('is sent nowhere by a process where nobody can sign in', async () => {
    for (const path of ['/', '/sign-in', '/sign-in?to=/', '/v1/events']) {
      const page = await look(path);
      expect([path, page.statusCode, page.headers.location]).toEqual([path, 401, undefined]);
      expect(page.body).toContain('href="/sign-in"');
    }
  });

  it('gets no address that holds the secret of a path which is not served', async () => {
    for (const path of [
      '/p/secret',
      '/u/secret/x',
      '/p?token=secret',
      '/sign-in/once/secret',
      '/p/secret?lang=ja',
    ]) {
      const page = await look(path);
      expect([path, page.statusCode, page.headers.location]).toEqual([path, 404, undefined]);
      expect(page.body).not.toContain('secret');
    }
  });
});
