import { join } from 'node:path';
import { sampleContacts } from '@kyoka/sample';
import { axeFaults, describeWithBrowser, type Visit } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leakScanner } from '../leaks/leak-scan.js';
import { plantedOf } from '../leaks/planted.js';
import { type ServedCompany, serveSampleCompany } from './sample-company.js';

const PLACES = ['/', '/audiences', '/suspensions', '/people', '/parked', '/removals/overdue'];

await describeWithBrowser('the pages of the company', (browser) => {
  let served: ServedCompany;
  let session: string;
  beforeAll(async () => {
    served = await serveSampleCompany();
    const { links } = served.harness.access;
    session = (await links.use(await links.make('user:sato'))).secret;
  });
  afterAll(() => served?.close());

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
    ['ja', 'light', 1280],
    ['en', 'dark', 390],
  ] as const)(
    'are whole in %s, %s, %i px wide: no fault for axe, console or origin',
    async (lang, scheme, width) => {
      const { page, context, faults } = await open('/', { lang, scheme, width });
      for (const path of pages()) {
        await page.goto(path);
        expect(await page.locator('html').getAttribute('lang')).toBe(lang);
        expect([path, await page.locator('h1').count()]).toEqual([path, 1]);
        expect([path, await axeFaults(page)]).toEqual([path, []]);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect([path, overflow]).toEqual([path, 0]);
        await keep(page, `${path}-${lang}-${width}`);
      }
      expect(faults).toEqual([]);
      await context.close();
    },
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

  it('are walked by keyboard alone, from the skip link to the person and back', async () => {
    const { page, context } = await open('/people', { lang: 'en' });
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await tabTo(page, 'Id of the record');
    await page.keyboard.type(served.subject);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.notice');
    await tabTo(page, served.subject);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/people/${served.subject}`);
    expect(await page.locator('#uses').textContent()).toContain('allowed today');
    expect(await page.locator('main').textContent()).toContain('use suspended');
    await context.close();
  });

  it('do everything without JavaScript, and replay what is parked only when asked by POST', async () => {
    const { page, context, faults } = await open('/parked', { lang: 'en', javaScript: false });
    const reasons = await page.locator('tbody th').count();
    expect(reasons).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Replay all' }).first().click();
    expect(new URL(page.url()).search).toMatch(/^\?tried=\d+&accepted=\d+&expired=0$/);
    expect(await page.getByRole('status').textContent()).toContain('tried again');
    await page.goto('/');
    expect(await page.getByRole('link', { name: 'Refresh' }).isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Pause updates' }).isVisible()).toBe(false);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('ask why before anything is dismissed', async () => {
    const { page, context } = await open('/parked', { lang: 'en' });
    const first = page.locator('details').first();
    await first.locator('summary').click();
    await first.getByRole('button').click();
    expect(await page.getByRole('alert').first().textContent()).toContain('Say why');
    const field = page.locator('details[open] input[name=reason]');
    await field.fill('seen, nothing to do');
    await field.press('Enter');
    await page.waitForURL('**/parked?dismissed=1');
    expect(await page.getByRole('status').textContent()).toContain('dismissed');
    await context.close();
  });

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

const focused = (page: Visit['page']): Promise<string> =>
  page.evaluate(`(() => {
    const { labels, textContent } = document.activeElement;
    return ((labels && labels[0] ? labels[0].textContent : textContent) ?? '').trim();
  })()`);

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Visit['page'], name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)).startsWith(name)) return;
  }
  throw new Error(`Tab never reaches "${name}"`);
}
