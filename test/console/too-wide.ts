import type { Visit } from '@kyoka/testing';

type Page = Visit['page'];

/** What sticks out of its window, or of a box that hides what sticks out. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const seen = ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth > 1;
    const boxes = [document.documentElement, ...document.querySelectorAll('.table, .panel, .value, .stats')];
    return boxes.filter(seen).map((one) => one.className + ' ' + one.textContent.slice(0, 60));
  })()`);
