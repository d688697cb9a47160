import { css } from './css.js';

/** Charts drawn on the server as SVG; no style attributes, which the content policy refuses. */
export const CHARTS = css`
  .chart {
    position: relative;
    overflow: hidden;
  }
  .chart thead {
    position: absolute;
    width: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .chart tbody th {
    font-weight: 400;
    width: 18rem;
  }
  .chart tr.whole th,
  .chart tr.end th,
  .chart tr.whole .amount,
  .chart tr.end .amount {
    font-weight: 700;
  }
  .chart .drawn {
    width: 55%;
    vertical-align: middle;
  }
  .chart .amount {
    width: 6rem;
  }
  .chart .hint {
    margin: 0;
  }
  .bar {
    display: block;
  }
  @media (max-width: 44rem) {
    .chart table,
    .chart caption,
    .chart tbody {
      display: block;
    }
    .chart tr {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      column-gap: 0.75rem;
      border-top: 1px solid var(--line);
      padding: 0.5rem 1rem 0.75rem;
    }
    .chart tbody th,
    .chart tbody td,
    .chart tbody .amount,
    .chart tbody .drawn {
      border: 0;
      padding: 0;
      width: auto;
    }
    .chart .drawn {
      grid-column: 1 / -1;
      width: auto;
    }
  }
  figure {
    margin: 1rem 0;
  }
  figcaption {
    font-weight: 700;
    margin-bottom: 0.5rem;
  }
  .plot svg {
    display: block;
    width: 100%;
    height: 10rem;
    overflow: visible;
  }
  .plot p {
    color: var(--quiet);
    font-size: 0.8125rem;
    margin: 0.25rem 0;
    max-width: none;
  }
  .plot .ends {
    display: flex;
    justify-content: space-between;
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
