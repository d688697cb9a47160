import type { Visit } from '@kyoka/testing';

type Page = Visit['page'];

/** The most that a page is walked through for one thing. */
const PRESSES = 150;

/** What somebody who listens hears of what has the focus: its label, its name or its text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const { labels, textContent } = document.activeElement;
    return ((labels && labels[0] ? labels[0].textContent : textContent) ?? '').trim();
  })()`);

/** Somebody who has a keyboard and nothing else, at a page. */
export function walker(page: Page) {
  const { keyboard } = page;

  /** Presses Tab until what has the focus is called so. */
  async function to(name: string): Promise<void> {
    for (let presses = 0; presses < PRESSES; presses += 1) {
      await keyboard.press('Tab');
      if ((await focused(page)).startsWith(name)) return;
    }
    throw new Error(`Tab never reaches "${name}"`);
  }
  return {
    to,
    focused: () => focused(page),
    /** Follows a link or presses a button that leads to a page. */
    async enter(name: string): Promise<void> {
      await to(name);
      await Promise.all([page.waitForEvent('load'), keyboard.press('Enter')]);
    },
    /** Opens what a summary hides. */
    async open(name: string): Promise<void> {
      await to(name);
      await keyboard.press('Enter');
    },
    async tick(name: string): Promise<void> {
      await to(name);
      await keyboard.press('Space');
    },
    async type(name: string, text: string): Promise<void> {
      await to(name);
      await keyboard.type(text);
    },
  };
}
