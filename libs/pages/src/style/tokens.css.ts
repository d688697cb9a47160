import { css } from './css.js';

/** Colours, type and space. Every pair of text and ground has a contrast of 4.5 or more (WCAG 1.4.3). */
export const TOKENS = css`
  :root {
    color-scheme: light dark;
    --ground: #f6f6f3;
    --surface: #ffffff;
    --sunken: #eeefec;
    --ink: #1b222d;
    --quiet: #525c6b;
    --line: #d9dce0;
    --edge: #7b8492;
    --accent: #1d4f8f;
    --accent-ink: #ffffff;
    --accent-soft: #e4edf8;
    --good: #17653f;
    --good-soft: #e2f2e9;
    --warn: #7d5200;
    --warn-soft: #fbf0d9;
    --bad: #a8261d;
    --bad-soft: #fbe7e4;
    --mark: #3a76be;
    --mark-less: #b9bfc8;
    --mark-end: #2c8a5c;
    --space: 1rem;
    --round: 0.5rem;
    --wide: 72rem;
    --sans:
      system-ui, -apple-system, 'Segoe UI', 'Hiragino Sans', 'Noto Sans JP', 'Noto Sans CJK JP',
      'Yu Gothic UI', Meiryo, sans-serif;
    --mono: ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'Noto Sans Mono CJK JP', monospace;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #11151b;
      --surface: #1a2029;
      --sunken: #232a35;
      --ink: #e8ebf0;
      --quiet: #a9b3c1;
      --line: #323b48;
      --edge: #76818f;
      --accent: #93bdf5;
      --accent-ink: #0f1a2a;
      --accent-soft: #20324b;
      --good: #7fd3a6;
      --good-soft: #16352a;
      --warn: #ecc06f;
      --warn-soft: #3a2e15;
      --bad: #ff9f95;
      --bad-soft: #43211e;
      --mark: #6ea3e6;
      --mark-less: #535d6b;
      --mark-end: #58b98a;
    }
  }
`;
