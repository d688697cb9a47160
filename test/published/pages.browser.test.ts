import { join } from 'node:path';
import { axeFaults, describeWithBrowser, type Visit } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tooWide } from '../console/too-wide.js';
import { type Harness, openHarness } from '../edge/harness.js';
import { idOf, member, post } from '../edge/people.js';

const [PHONE, DESK] = [390, 1280];
const POLICIES = ['almado', 'almigo', 'allm', 'loveinn', 'agreement'];
/** Many pages, one after the other. */
const LONG_MS = 150_000;

await describeWithBrowser('the published pages', (browser) => {
  let edge: Harness;
  let person: string;
  beforeAll(async () => {
    edge = await openHarness();
    await edge.switchOn('/v1/policies/almado@1/switch');
    await post(edge.ask, member('p-1', [{ kind: 'email', value: 'hanako@mail.example.jp' }]));
    const made = await edge.ask(`/v1/subjects/${await idOf(edge.ask, 'p-1')}/page-tokens`, {
      body: { page: 'preferences' },
    });
    person = made.json<{ url: string }>().url;
  });
  afterAll(() => edge?.close());

  let on = false;
  async function allOn(): Promise<void> {
    if (on) return;
    for (const id of POLICIES.slice(1)) await edge.switchOn(`/v1/policies/${id}@1/switch`);
    on = true;
  }

  const visit = (options: Partial<Parameters<typeof browser.visit>[0]> = {}) =>
    browser.visit({ origin: edge.url, javaScript: false, ...options });

  it('are one click from the sign-in and from a person’s own page, and keep the language', async () => {
    const { page, context, faults } = await visit({ lang: 'ja' });
    const referrers: (string | undefined)[] = [];
    page.on('request', (request) => referrers.push(request.headers()['referer']));
    for (const from of ['/sign-in', person]) {
      await page.goto(from);
      await page.getByRole('link', { name: '個人情報の取扱いについて' }).click();
      expect(new URL(page.url()).pathname).toBe('/policy/almado');
      expect(await page.locator('h1').textContent()).toContain('ALMADO');
    }
    expect(referrers.filter(Boolean)).toEqual([]);
    await page.getByRole('link', { name: 'English' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.getByRole('link', { name: 'Read the whole text' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('lead from a rule to its place in the text, by keyboard alone', async () => {
    const { page, context } = await visit({ lang: 'en' });
    await page.goto('/policy/almado');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const link = page.getByRole('link', { name: '11', exact: true }).first();
    await link.focus();
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    const anchor = new URL(page.url()).hash.slice(1);
    const line = page.locator('p', { has: page.locator(`[id="${anchor}"]`) });
    expect(await line.textContent()).toMatch(/^11\. Advertisement distribution/);
    await context.close();
  });

  it.each([
    ['ja', 'light'],
    ['en', 'dark'],
  ] as const)(
    'are whole in %s, %s, on a phone and on a desk: no fault for axe, console or origin',
    async (lang, scheme) => {
      await allOn();
      const { page, context, faults } = await visit({ lang, scheme, javaScript: true });
      const paths = ['', ...POLICIES.map((id) => `/${id}`), '/almado/text'];
      for (const path of paths) {
        await page.goto(`/policy${path}`);
        expect(await page.locator('html').getAttribute('lang')).toBe(lang);
        expect([path, await page.locator('h1').count()]).toEqual([path, 1]);
        expect([path, await page.locator('script').count()]).toEqual([path, 0]);
        for (const width of [DESK, PHONE]) {
          await page.setViewportSize({ width, height: 900 });
          expect([path, width, await tooWide(page)]).toEqual([path, width, []]);
          await keep(page, `policy${path}-${lang}-${width}`);
        }
        expect([path, await axeFaults(page)]).toEqual([path, []]);
      }
      expect(faults).toEqual([]);
      await context.close();
    },
    LONG_MS,
  );
});

/** With `KYOKA_SCREENSHOTS` set to a folder, pictures to look at. */
async function keep(page: Visit['page'], name: string): Promise<void> {
  const folder = process.env['KYOKA_SCREENSHOTS'];
  if (folder === undefined) return;
  const path = join(folder, `${name.replaceAll(/[^\w]+/g, '-')}.png`);
  await page.screenshot({ path, fullPage: true });
}
