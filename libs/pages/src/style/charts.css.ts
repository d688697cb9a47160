import { css } from './css.js';

/** Charts drawn on the server as SVG; no style attributes, which the content policy refuses. */
export const CHARTS = css`
  figure {
    margin: 1rem 0;
  }
  figcaption {
    font-weight: 700;
    margin-bottom: 0.5rem;
  }
  figure svg {
    display: block;
    width: 100%;
    height: auto;
    font-family: var(--sans);
  }
  svg text {
    fill: var(--ink);
    font-size: 14px;
  }
  svg .quiet {
    fill: var(--quiet);
  }
  svg .strong {
    font-weight: 700;
  }
  svg .amount {
    text-anchor: end;
    font-variant-numeric: tabular-nums;
  }
  svg .track {
    fill: var(--sunken);
  }
  svg .whole {
    fill: var(--mark);
  }
  svg .less {
    fill: var(--mark-less);
  }
  svg .end {
    fill: var(--mark-end);
  }
  svg .lost {
    fill: var(--bad);
  }
  svg .rule {
    stroke: var(--line);
    stroke-width: 1;
  }
  svg .curve {
    fill: none;
    stroke: var(--mark);
    stroke-width: 2.5;
    stroke-linejoin: round;
  }
  svg .area {
    fill: var(--mark);
    opacity: 0.14;
  }
  figure details {
    margin-top: 0.5rem;
    font-size: 0.9375rem;
  }
`;
