import { css } from './css.js';

/** Elements without a class. */
export const BASE = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  html {
    font-family: var(--sans);
    font-size: 100%;
    line-height: 1.55;
    color: var(--ink);
    background: var(--ground);
    -webkit-text-size-adjust: 100%;
  }
  html:lang(ja) {
    line-height: 1.75;
    line-break: strict;
    word-break: auto-phrase;
  }
  body {
    margin: 0;
    overflow-wrap: anywhere;
  }
  main {
    max-width: calc(var(--wide) + 2 * clamp(1rem, 4vw, 2.5rem));
    margin: 0 auto;
    padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 4rem;
  }
  main:focus {
    outline: none;
  }
  h1,
  h2,
  h3 {
    line-height: 1.3;
    margin: 0 0 0.5em;
    text-wrap: balance;
  }
  h1 {
    font-size: clamp(1.5rem, 1.1rem + 1.6vw, 2rem);
    letter-spacing: 0.01em;
  }
  h2 {
    font-size: 1.25rem;
  }
  h3 {
    font-size: 1rem;
  }
  p,
  ul,
  ol,
  dl {
    margin: 0 0 1rem;
  }
  p {
    max-width: 44rem;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.2em;
  }
  a:hover {
    text-decoration-thickness: 2px;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
    border-radius: 2px;
  }
  code {
    font-family: var(--mono);
    font-size: 0.875em;
  }
  summary {
    cursor: pointer;
    color: var(--accent);
  }
  [hidden] {
    display: none !important;
  }
  .quiet {
    color: var(--quiet);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media print {
    .top nav,
    .skip,
    button {
      display: none;
    }
  }
`;
