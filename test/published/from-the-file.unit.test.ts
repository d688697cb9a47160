import 'reflect-metadata';
import { createEdge, PublishedModule } from '@kyoka/edge';
import { parsePolicy } from '@kyoka/policy';
import { afterAll, expect, it } from 'vitest';
import { almado, around, files } from '../policy/almado.js';

const HOSTILE = `"><img src=x onerror=alert(1)>`;
let file = almado;

/** A process in which one policy is in force, and was before in an earlier version. */
const app = await createEdge({
  roles: [PublishedModule.with({ published: { inForce: async () => [shown().policy], read } })],
  access: { identify: async () => undefined, quotas: { take: async () => undefined } },
  logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
  maxBodyBytes: 1024,
  onFault: () => undefined,
});
await app.init();
afterAll(() => app.close());

function parsed(text: string) {
  const read = parsePolicy(text, 'p.yaml', around);
  const legal = read.ok && around?.legal.get(read.policy.policy.legal_pack);
  if (!read.ok || !legal) throw new Error('the file has errors');
  return { policy: read.policy, legal };
}
const old = parsed(almado).policy;

function shown() {
  const { policy, legal } = parsed(file);
  const text = around?.texts.get(policy.policy.text?.file ?? '');
  return {
    key: 'almado@2',
    policy,
    legal,
    text,
    countries: new Map([['google', 'US']]),
    versions: [
      { key: 'almado@2', policy, inForce: true, readable: true, since: '2026-11-01T00:00:00Z' },
      {
        key: 'almado@1',
        policy: old,
        inForce: false,
        readable: false,
        since: '2025-04-01T00:00:00Z',
        until: '2026-11-01T00:00:00Z',
      },
    ],
  };
}
async function read(name: string) {
  return name === 'almado' ? shown() : undefined;
}

const get = (url: string, lang = 'en') =>
  app.inject({ url, headers: { accept: 'text/html', 'accept-language': lang } });
async function page(text: string, lang = 'en'): Promise<string> {
  file = text;
  return (await get('/policy/almado', lang)).body;
}
const change = (from: string, to: string): string => {
  if (!almado.includes(from)) throw new Error(`not in the file: ${from}`);
  return almado.replace(from, () => to);
};

it.each([
  ['a purpose', 'label: respond to an inquiry', 'label: answer a letter', 'answer a letter'],
  ['the name of a company', 'name: LINE Yahoo', 'name: Another Network', 'Another Network'],
  ['an opt-out page', 'myadcenter.google.com', 'ads.example.jp', 'href="https://ads.example.jp/"'],
  ['a fee', 'yen: 500', 'yen: 730', '730 yen'],
  ['a phone number', '+81-3-4334-1122', '+81-3-0000-0000', 'tel:+81-3-0000-0000'],
  ['a safety measure', 'label: education of all employees', 'label: yearly tests', 'yearly tests'],
  ['a term', 'keep_days: 30', 'keep_days: 77', 'kept 77 days'],
  [
    'a prohibition',
    'group_use_stated: true',
    'group_use_stated: false\njoint_use: prohibited',
    'There is no joint use.',
  ],
  [
    'an address',
    'name: ALMADO\n  address: null',
    'name: ALMADO\n  address: 5-1 Ginza',
    '5-1 Ginza',
  ],
])('%s on the page is the one of the file', async (_, from, to, said) => {
  expect(await page(almado)).not.toContain(said);
  expect(await page(change(from, to))).toContain(said);
});

it('escapes whatever a file says, in texts and addresses', async () => {
  const label = JSON.stringify(HOSTILE);
  const body = await page(
    change('label: respond to an inquiry', `label: ${label}`).replace(
      'name: Google',
      () => `name: ${label}`,
    ),
  );
  expect(body).not.toContain('<img');
  expect(body).toContain('&lt;img');
});

it('shows nothing that the file does not state, and misses aloud what the law wants', async () => {
  const almigo = files.policies.find(({ name }) => name === 'almigo.yaml')?.text ?? '';
  const body = await page(almigo);
  expect(body).not.toContain('id="cookies"');
  expect(body).not.toContain('id="ads"');
  expect(body).toContain('nothing is provided by it');
  const safety = body.slice(body.indexOf('id="safety"'));
  expect(safety.slice(0, safety.indexOf('</section>'))).toContain('does not state it');
});

it('tells with each version what it changed, and when it was in force', async () => {
  const gone = change(
    "  - { category: [contact_person], purpose: inquiry_reply, channels: by_consent, clause: '2(1)' }\n",
    '',
  ).replace('id: inquiry_reply', 'id: letters');
  const body = await page(gone);
  const history = body.slice(body.indexOf('id="history"'));
  expect(history).toContain('since 1 Nov 2026');
  expect(history).toContain('1 Apr 2025 to 1 Nov 2026');
  expect(history).toContain('gone: respond to an inquiry');
  expect(history).toContain('/policy/almado@2/text');
  expect(history).not.toContain('/policy/almado@1/text');
});

it('is kept for a minute by a browser, unless it remembers a choice of language', async () => {
  file = almado;
  const plain = await get('/policy/almado');
  expect(plain.headers['cache-control']).toBe('private, max-age=60');
  expect(plain.headers['vary']).toContain('cookie');
  expect(plain.body).not.toContain('noindex');
  expect((await get('/policy/almado?lang=ja')).headers['cache-control']).toBe('no-store');
  expect((await get('/policy')).headers['location']).toBe('/policy/almado');
  for (const path of ['/policy/allm', '/policy/allm/text', '/policy/%3Cb%3E'])
    expect([path, (await get(path)).statusCode]).toEqual([path, 404]);
});

it('links away without telling from where', async () => {
  const body = await page(almado);
  const away = body.match(/<a href="https:[^>]+>/g) ?? [];
  expect(away.length).toBe(3);
  for (const link of away) expect(link).toContain('rel="noreferrer external"');
});
