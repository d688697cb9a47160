import { css } from './css.js';

/** Header, navigation and the arrangement of a page. */
export const FRAME = css`
  .skip {
    position: absolute;
    left: 0.5rem;
    top: -4rem;
    padding: 0.5rem 1rem;
    background: var(--accent);
    color: var(--accent-ink);
    border-radius: var(--round);
    z-index: 2;
  }
  .skip:focus {
    top: 0.5rem;
  }
  .top {
    background: var(--surface);
    border-bottom: 1px solid var(--line);
    padding: 0.75rem clamp(1rem, 4vw, 2.5rem) 0;
  }
  .top > * {
    max-width: var(--wide);
    margin-inline: auto;
  }
  .top-line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 1.25rem;
    padding-bottom: 0.75rem;
  }
  .product {
    margin: 0 auto 0 0;
    font-weight: 700;
    letter-spacing: 0.04em;
  }
  .account {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    font-size: 0.875rem;
  }
  .top nav ul {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.25rem;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .languages {
    font-size: 0.875rem;
  }
  .languages [aria-current] {
    font-weight: 700;
  }
  .top > nav a {
    display: inline-block;
    padding: 0.375rem 0 0.5rem;
    color: var(--quiet);
    text-decoration: none;
    border-bottom: 3px solid transparent;
  }
  .top > nav a:hover {
    color: var(--ink);
    border-color: var(--line);
  }
  .top > nav a[aria-current] {
    color: var(--ink);
    font-weight: 700;
    border-color: var(--accent);
  }
  .bottom {
    border-top: 1px solid var(--line);
    padding: 1rem clamp(1rem, 4vw, 2.5rem) 1.5rem;
    font-size: 0.875rem;
  }
  .bottom ul {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.25rem;
    max-width: var(--wide);
    margin: 0 auto;
    padding: 0;
    list-style: none;
  }
  .contents ul {
    columns: 2 16rem;
    padding: 0;
    list-style: none;
  }
  .text p {
    white-space: pre-line;
    margin-bottom: 0.75rem;
  }
  section {
    margin-block: 2.5rem 0;
  }
  .panel {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--round);
    padding: 1.25rem clamp(1rem, 2.5vw, 1.5rem);
    margin-block: 1rem;
  }
  .panel > :last-child {
    margin-bottom: 0;
  }
  .beside {
    display: grid;
    gap: 1rem 2rem;
    grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
    align-items: start;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.25rem 1rem;
  }
`;
