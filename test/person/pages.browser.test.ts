import { join } from 'node:path';
import { axeFaults, describeWithBrowser, type Visit } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from '../edge/harness.js';
import { idOf, member, post } from '../edge/people.js';
import { tooWide } from '../console/too-wide.js';
import { linksIn } from './browsing.js';

const [PHONE, DESK] = [390, 1280];

await describeWithBrowser('the pages of the person', (browser) => {
  let edge: Harness;
  beforeAll(async () => {
    edge = await openHarness();
    await edge.switchOn(`/v1/policies/${POLICY}/switch`);
    await edge.switchOn('/v1/recipients/google/switch');
  });
  afterAll(() => edge?.close());

  let people = 0;
  async function newLink(page: 'preferences' | 'one_click' = 'preferences'): Promise<string> {
    people += 1;
    const ref = `b-${people}`;
    await post(
      edge.ask,
      member(ref, [{ kind: 'email', value: `hanako${people}@mail.example.jp` }]),
    );
    const id = await idOf(edge.ask, ref);
    const made = await edge.ask(`/v1/subjects/${id}/page-tokens`, { body: { page } });
    return made.json<{ url: string }>().url;
  }

  const open = async (url: string, options: Partial<Parameters<typeof browser.visit>[0]> = {}) => {
    const visit = await browser.visit({ origin: edge.url, ...options });
    await visit.page.goto(url);
    return visit;
  };

  /** What is wrong with the page at hand, of all that can be measured. */
  async function faultsOf({ page, faults }: Visit): Promise<string[]> {
    const headings = await page.locator('h1').count();
    const scripts = await page.locator('script').count();
    return [
      ...(await axeFaults(page)),
      ...faults,
      ...(await tooWide(page)),
      // Without any, everything that is done here works where none runs.
      ...(scripts === 0 ? [] : [`${scripts} scripts`]),
      ...(headings === 1 ? [] : [`${headings} headings of the first level`]),
    ];
  }

  /** Keeps a picture where somebody asks to look at them. */
  async function keep({ page }: Visit, name: string): Promise<void> {
    const folder = process.env['SCREENSHOTS'];
    if (folder !== undefined)
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  it.each([
    ['ja', 'light'],
    ['en', 'dark'],
  ] as const)(
    'go from a stop to allowing again in %s, %s, by keyboard alone, on a phone and on a desk',
    async (lang, scheme) => {
      const url = await newLink();
      const visit = await open(url, { lang, scheme, width: PHONE });
      const { page } = visit;
      const step = async (name: string) => {
        expect(await page.locator('html').getAttribute('lang')).toBe(lang);
        for (const width of [DESK, PHONE]) {
          await page.setViewportSize({ width, height: 900 });
          const faults = width === PHONE ? await faultsOf(visit) : await tooWide(page);
          expect([name, width, faults]).toEqual([name, width, []]);
          await keep(visit, `person-${name}-${lang}-${width}`);
        }
      };
      await step('preferences');
      await focusOn(visit, 'button[value="advertising"]');
      await page.keyboard.press('Enter');
      await page.locator('.notice.good').waitFor();
      await step('receipt');

      await page.goto(url);
      await focusOn(visit, 'a[href*="/allow?cell=info_product"]');
      await page.keyboard.press('Enter');
      await page.locator('input[type=radio]').waitFor();
      await step('allow');
      await focusOn(visit, 'main button');
      await page.keyboard.press('Enter');
      await page.locator('.notice').waitFor();
      await step('asked');

      await edge.sendMails();
      const [link = ''] = linksIn(edge.played.mail.mails()[0]?.text ?? '');
      await page.goto(link);
      await step('confirm');
      await focusOn(visit, 'main button');
      await page.keyboard.press('Enter');
      await page.locator('.badge.good').waitFor();
      await step('done');
      await page.goto(link);
      expect(await axeFaults(page)).toEqual([]);
      await keep(visit, `person-used-${lang}`);
      await visit.context.close();
    },
  );

  it.each(['ja', 'en'] as const)('unsubscribe by one button, in %s', async (lang) => {
    const options = { lang, width: PHONE };
    const visit = await open(await newLink('one_click'), options);
    expect(await faultsOf(visit)).toEqual([]);
    await keep(visit, `person-one-click-${lang}`);
    await focusOn(visit, 'main button');
    await visit.page.keyboard.press('Enter');
    await visit.page.locator('.notice.good').waitFor();
    expect(await faultsOf(visit)).toEqual([]);
    await visit.context.close();
  });

  it('change the language and remember it, and tell their address to nobody', async () => {
    const visit = await open(await newLink(), { lang: 'ja' });
    const { page } = visit;
    const referrers: (string | undefined)[] = [];
    page.on('request', (request) => referrers.push(request.headers()['referer']));
    await page.getByRole('link', { name: 'English' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.reload();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(referrers.length).toBeGreaterThan(2);
    expect(referrers.filter(Boolean)).toEqual([]);
    await visit.context.close();
  });
});

/** Walks with the tab key to an element, as somebody without a mouse does. */
async function focusOn({ page }: Visit, selector: string): Promise<void> {
  const there = `document.activeElement?.matches(${JSON.stringify(selector)}) === true`;
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate<boolean>(there)) return;
  }
  throw new Error(`the tab key does not reach ${selector}`);
}
