import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, describe, it } from 'vitest';

const NEEDS = 'Chromium at CHROMIUM_PATH or /usr/bin/chromium';

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface VisitOptions {
  /** The service's address; a page that asks for anything elsewhere has a fault. */
  readonly origin: string;
  readonly lang?: 'ja' | 'en';
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  /** Off: what a page offers where no script runs. */
  readonly javaScript?: boolean;
}

/** One visitor: a page in a profile of its own, and what went wrong in it. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the console and requests that left the origin, in words; empty where all is well. */
  readonly faults: readonly string[];
}

export interface TestBrowser {
  visit(options: VisitOptions): Promise<Visit>;
}

/**
 * `describe` with a real Chromium that the tests of a file share, or one test that is skipped and names
 * what is missing.
 *
 * @throws Error where there is none and `CI` is `true`
 */
export async function describeWithBrowser(
  name: string,
  tests: (browser: TestBrowser) => void,
): Promise<void> {
  const executablePath = await findChromium();
  describe(name, () => {
    if (executablePath === undefined) {
      it.skip(`browser tests need ${NEEDS}`, () => undefined);
      return;
    }
    let launched: Promise<Browser> | undefined;
    afterAll(async () => (await launched)?.close());
    tests({
      async visit(options) {
        launched ??= chromium.launch({ executablePath, args: ARGS, ignoreDefaultArgs: false });
        return visit(await launched, options);
      },
    });
  });
}

/** What axe finds wrong with a page, one line an element. */
export async function axeFaults(page: Page): Promise<string[]> {
  // Not through `addScriptTag`, which the content policy of a page rightly refuses.
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id}: ${help} (${target.join(' ')}) ${failureSummary ?? ''}`,
    ),
  );
}

async function visit(browser: Browser, options: VisitOptions): Promise<Visit> {
  const { origin, lang = 'ja', scheme = 'light', width = 1280, javaScript = true } = options;
  const context = await browser.newContext({
    baseURL: origin,
    locale: lang === 'ja' ? 'ja-JP' : 'en-GB',
    colorScheme: scheme,
    viewport: { width, height: 900 },
    javaScriptEnabled: javaScript,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== new URL(origin).origin)
      faults.push(`left the origin: ${url.origin}`);
  });
  return { page, context, faults };
}

async function findChromium(): Promise<string | undefined> {
  const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  const found = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (found) return path;
  if (process.env['CI'] === 'true') throw new Error(`browser tests need ${NEEDS}`);
  return undefined;
}
