import { join } from 'node:path';
import { sampleContacts } from '@kyoka/sample';
import { axeFaults, describeWithBrowser, type Visit } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leakScanner } from '../leaks/leak-scan.js';
import { plantedOf } from '../leaks/planted.js';
import { type ServedCompany, serveSampleCompany } from './sample-company.js';
import { tooWide } from './too-wide.js';
import { walker } from './walk.js';

const PLACES = [
  '/',
  '/audiences',
  '/suspensions',
  '/people',
  '/parked',
  '/removals/overdue',
  '/policies',
  '/policies/almigo@1',
  '/access',
  '/sign-in',
];
const [PHONE, DESK] = [390, 1280];
/** In the charts, what a company with many people has to show. */
const AMOUNTS_OF_MANY = `for (const one of document.querySelectorAll('.chart tbody .amount'))
  one.textContent = '1,148,350 (45.4%)'`;
/** Many pages, one after the other. */
const LONG_MS = 150_000;

/** What things are called where they are walked to. */
const SAID = {
  ja: {
    signIn: 'ログインする',
    people: '個人の照会',
    leave: 'サインアウト',
    skip: '本文へ移動',
    id: '記録のID',
    find: '照会する 記録のID',
    refused: '不可',
    suspended: '利用停止の請求',
    audiences: 'オーディエンス',
    suspensions: '利用停止',
    parked: '保留イベント',
    replayAll: 'すべて再処理',
    replayed: '再処理し',
    dismiss: '対応不要として閉じる',
    needWhy: '閉じる理由を入力してください',
    why: '閉じる理由 (必須)',
    access: 'アクセス権',
    make: 'トークンを作る',
    needName: '名称を入力してください',
    name: '名称 (必須)',
    ask: '可否を尋ねる',
    revoke: '失効させる',
    signOut: 'ログアウトさせる',
    rotate: '鍵を替える',
    back: 'アクセス権の画面に戻る',
    whom: '対象',
    endAll: 'すべて終える',
    refresh: { home: '鍵を替える', link: '最新の状態に更新' },
  },
  en: {
    signIn: 'Sign in',
    people: 'People',
    leave: 'Sign out',
    skip: 'Skip to content',
    id: 'Id of the record',
    find: 'Look up id of the record',
    refused: 'refused',
    suspended: 'use suspended',
    audiences: 'Audiences',
    suspensions: 'Suspensions',
    parked: 'Parked events',
    replayAll: 'Replay all',
    replayed: 'tried again',
    dismiss: 'Dismiss',
    needWhy: 'Say why',
    why: 'Why nothing',
    access: 'Access',
    make: 'Make a token',
    needName: 'Give it a name',
    name: 'Name',
    ask: 'ask for decisions',
    revoke: 'Revoke',
    signOut: 'Sign out',
    rotate: 'New key',
    back: 'Back to access',
    whom: 'Whose',
    endAll: 'End all of it',
    refresh: { home: 'New key', link: 'Refresh' },
  },
} as const;

await describeWithBrowser('the pages of the company', (browser) => {
  let served: ServedCompany;
  let session: string;
  beforeAll(async () => {
    served = await serveSampleCompany();
    session = await newSession('user:sato');
  });
  afterAll(() => served?.close());

  async function newSession(owner: string): Promise<string> {
    const { links } = served.harness.access;
    return (await links.use(await links.make(owner))).secret;
  }

  type Options = Omit<Parameters<typeof browser.visit>[0], 'origin'>;

  /** Whoever is signed in, at a page. */
  async function open(path: string, options: Options = {}): Promise<Visit> {
    const visit = await browser.visit({ origin: served.harness.url, ...options });
    const cookie = { name: 'kyoka_session', value: session, url: served.harness.url };
    await visit.context.addCookies([cookie]);
    await visit.page.goto(path);
    return visit;
  }

  const pages = () => [
    ...PLACES,
    `/audiences/${served.audience}`,
    `/suspensions/${served.suspension}`,
    `/people/${served.subject}`,
  ];

  it.each([
    ['ja', 'light'],
    ['en', 'dark'],
  ] as const)(
    'are whole in %s, %s, on a phone and on a desk: no fault for axe, console or origin',
    async (lang, scheme) => {
      const { page, context, faults } = await open('/', { lang, scheme, width: PHONE });
      for (const path of pages()) {
        await page.setViewportSize({ width: PHONE, height: 900 });
        await page.goto(path);
        expect(await page.locator('html').getAttribute('lang')).toBe(lang);
        expect([path, await page.locator('h1').count()]).toEqual([path, 1]);
        expect([path, await axeFaults(page)]).toEqual([path, []]);
        for (const width of [PHONE, DESK]) {
          await page.setViewportSize({ width, height: 900 });
          expect([path, width, await tooWide(page)]).toEqual([path, width, []]);
          await keep(page, `${path}-${lang}-${width}`);
        }
        await page.evaluate(AMOUNTS_OF_MANY);
        for (const width of [PHONE, DESK]) {
          await page.setViewportSize({ width, height: 900 });
          expect([path, width, await tooWide(page)]).toEqual([path, width, []]);
        }
      }
      expect(faults).toEqual([]);
      for (const path of ['/no/such/page', '/sign-in/once/x']) {
        await page.goto(path);
        expect([path, await axeFaults(page)]).toEqual([path, []]);
      }
      await context.close();
    },
    LONG_MS,
  );

  it('say the same in both languages, and remember the one that was chosen', async () => {
    const { page, context } = await open('/', { lang: 'ja' });
    expect(await page.locator('h1').textContent()).toBe('現在の状況');
    await page.getByRole('link', { name: 'English' }).click();
    expect(await page.locator('h1').textContent()).toBe('Where things stand');
    await page.goto('/audiences');
    expect(await page.locator('h1').textContent()).toBe('Audiences');
    await context.close();
  });

  it.each(Object.entries(SAID))(
    'let each act be done by keyboard alone, with no script, in %s',
    async (lang, said) => {
      const { url: origin, access } = served.harness;
      const options = { origin, lang: lang as keyof typeof SAID, javaScript: false };
      const { page, context, faults } = await browser.visit(options);
      const { to, enter, open: unfold, type, tick, focused } = walker(page);
      const notice = () => page.getByRole('status').first().textContent();

      await page.goto(`/sign-in/once/${await access.links.make('user:sato')}`);
      await enter(said.signIn);
      await enter(said.people);
      await page.keyboard.press('Tab');
      expect(await focused()).toBe(said.skip);
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      await type(said.id, served.subject);
      await enter(said.find);
      await enter(served.subject);
      expect(new URL(page.url()).pathname).toBe(`/people/${served.subject}`);
      const told = await page.locator('main').textContent();
      for (const word of [said.refused, said.suspended]) expect(told).toContain(word);

      await enter(said.audiences);
      await enter('スキンケア');
      expect(await page.locator('.chart').count()).toBe(1);
      await enter(said.suspensions);
      await page.goto(`/suspensions/${served.suspension}`);
      expect(await page.locator('.timeline li').count()).toBeGreaterThan(3);
      expect(await page.locator('.chart rect.end').count()).toBe(1);

      await enter(said.parked);
      await enter(said.replayAll);
      expect(new URL(page.url()).search).toMatch(/^\?tried=\d+&accepted=\d+&expired=0$/);
      expect(await notice()).toContain(said.replayed);
      await unfold(said.dismiss);
      await enter(said.dismiss);
      expect(await page.getByRole('alert').first().textContent()).toContain(said.needWhy);
      await type(said.why, 'seen');
      await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
      expect(new URL(page.url()).search).toBe('?dismissed=1');

      await enter(said.access);
      await enter(said.make);
      expect(await page.getByRole('alert').first().textContent()).toContain(said.needName);
      await type(said.name, `nightly-${lang}`);
      await tick(said.ask);
      await enter(said.make);
      const token = await page.locator('.secret').textContent();
      const asked = await served.harness.ask('/v1/parked', { token });
      expect(asked.status).toBe(403);
      expect(page.url()).not.toContain(token);
      await page.goto('/access');
      expect(await page.content()).not.toContain(token);
      await unfold(`${said.revoke} nightly-${lang}`);
      await enter(`${said.revoke} nightly-${lang}`);
      expect(await notice()).toContain('1');
      expect((await served.harness.ask('/v1/parked', { token })).status).toBe(401);

      const other = await newSession('user:suzuki');
      await page.reload();
      await enter(`${said.signOut} user:suzuki`);
      expect(await access.identify('session', other)).toBeUndefined();
      await unfold(`${said.rotate} webshop`);
      await enter(`${said.rotate} webshop`);
      expect(await page.locator('.secret').textContent()).toMatch(/^[\w-]{43}$/);
      await enter(said.back);
      await type(said.whom, 'nobody');
      await enter(said.endAll);
      expect(await page.getByRole('alert').first().textContent()).toContain('user:sato');
      await to(said.refresh.home);
      expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
      await page.goto('/');
      await enter(said.refresh.link);
      expect(await page.locator('[data-live-pause]').isVisible()).toBe(false);
      await enter(said.leave);
      expect(new URL(page.url()).pathname).toBe('/sign-in');
      await context.close();
    },
    LONG_MS,
  );

  it('find by contact without showing or keeping the contact', async () => {
    const { page, context } = await open('/people', { lang: 'en' });
    const value = 'somebody.unknown@example.jp';
    await page.getByLabel('Contact (required)').fill(value);
    await page.getByRole('button', { name: 'Look up contact' }).click();
    expect(await page.getByRole('status').textContent()).toContain('No such record');
    expect(page.url()).not.toContain(value);
    expect(await page.content()).not.toContain(value);
    await context.close();
  });

  it('keep themselves up to date while somebody looks, until paused', async () => {
    const { page, context, faults } = await open('/', { lang: 'en' });
    const asked = page.waitForRequest(
      (request) => request.resourceType() === 'fetch' && new URL(request.url()).pathname === '/',
    );
    await asked;
    const pause = page.getByRole('button', { name: 'Pause updates' });
    await pause.click();
    expect(await page.getByRole('button', { name: 'Resume updates' }).isVisible()).toBe(true);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('hold no contact of anybody in any form, which the search would find', async () => {
    const contacts = sampleContacts(served.company);
    const scanner = leakScanner(plantedOf(contacts));
    const { page, context } = await open('/');
    for (const path of pages()) {
      await page.goto(path);
      expect(scanner.scanText(await page.content(), path)).toEqual([]);
    }
    const shown = `${await page.content()}${contacts.find((value) => value.includes('@'))}`;
    expect(scanner.scanText(shown, 'planted')).not.toEqual([]);
    await context.close();
  });

  it('are shown to nobody who has not signed in', async () => {
    const { page, context } = await browser.visit({ origin: served.harness.url });
    for (const path of pages()) {
      await page.goto(path);
      expect(new URL(page.url()).pathname).toBe('/sign-in');
    }
    await context.close();
  });
});

/** With `KYOKA_SCREENSHOTS` set to a folder, pictures to look at. */
async function keep(page: Visit['page'], name: string): Promise<void> {
  const folder = process.env['KYOKA_SCREENSHOTS'];
  if (folder === undefined) return;
  const path = join(folder, `${name.replaceAll(/[^\w]+/g, '-')}.png`);
  await page.screenshot({ path, fullPage: true });
}
