import { css } from './css.js';

/** Numbers, tables, badges, notices, timelines. */
export const PARTS = css`
  .stats {
    display: grid;
    gap: 1px;
    grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--round);
    overflow: hidden;
    margin: 1rem 0;
  }
  .stats > div {
    outline: 1px solid var(--line);
    padding: 0.875rem 1rem;
    display: flex;
    flex-direction: column-reverse;
    justify-content: flex-end;
  }
  .stats dt {
    color: var(--quiet);
    font-size: 0.875rem;
    line-height: 1.4;
  }
  .stats dd {
    margin: 0;
    font-size: 1.75rem;
    font-weight: 700;
    line-height: 1.25;
    font-variant-numeric: tabular-nums;
  }
  .stats .aside {
    display: block;
    font-size: 0.8125rem;
    font-weight: 400;
    color: var(--quiet);
  }
  .stats .bad dd {
    color: var(--bad);
  }
  .stats .warn dd {
    color: var(--warn);
  }
  .aside {
    display: block;
    font-size: 0.875rem;
    font-weight: 400;
    color: var(--quiet);
  }
  .facts dd > ul {
    margin: 0;
    padding-inline-start: 1.25rem;
  }
  .facts dd > ul.plain {
    padding: 0;
  }
  .facts {
    display: grid;
    grid-template-columns: fit-content(38%) minmax(0, 1fr);
    gap: 0.375rem 1.25rem;
  }
  .facts dt {
    color: var(--quiet);
  }
  .facts dd {
    margin: 0;
  }
  .table {
    position: relative;
    overflow-x: auto;
    margin-block: 1rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--round);
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-variant-numeric: tabular-nums;
  }
  h2 + .table caption {
    position: absolute;
    clip-path: inset(50%);
  }
  h2 + .table thead th {
    border-top: 0;
  }
  caption {
    text-align: start;
    font-weight: 700;
    padding: 0.875rem 1rem 0.5rem;
  }
  th,
  td {
    text-align: start;
    vertical-align: top;
    padding: 0.5rem 1rem;
    border-top: 1px solid var(--line);
    overflow-wrap: break-word;
  }
  thead th {
    font-size: 0.875rem;
    color: var(--quiet);
    font-weight: 600;
    white-space: nowrap;
  }
  tbody th {
    font-weight: 600;
  }
  .amount {
    text-align: end;
    white-space: nowrap;
  }
  @media (max-width: 44rem) {
    .table:not(.chart, .short) table,
    .table:not(.chart, .short) caption,
    .table:not(.chart, .short) tbody,
    .table:not(.chart, .short) tr,
    .table:not(.chart, .short) tbody th {
      display: block;
    }
    .table:not(.chart, .short) thead {
      position: absolute;
      width: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .value {
      overflow-wrap: anywhere;
    }
    .value .badge {
      white-space: normal;
    }
    .table:not(.chart, .short) tr {
      border-top: 1px solid var(--line);
      padding: 0.625rem 1rem 0.75rem;
    }
    .table:not(.chart, .short) tbody th,
    .table:not(.chart, .short) tbody td {
      border: 0;
      padding: 0.125rem 0;
    }
    .table:not(.chart, .short) td[data-title] {
      display: grid;
      grid-template-columns: minmax(7rem, 34%) minmax(0, 1fr);
      justify-items: start;
      gap: 0 0.75rem;
      text-align: start;
      white-space: normal;
    }
    .table:not(.chart, .short) td[data-title]::before {
      content: attr(data-title) / '';
      color: var(--quiet);
      font-size: 0.875rem;
    }
    .table:not(.chart, .short) td:has(> .value:empty) {
      display: none;
    }
    h2 + .table tbody > tr:first-child {
      border-top: 0;
    }
  }
  td form {
    margin: 0;
  }
  .value {
    min-width: 0;
  }
  .value summary,
  .value button {
    white-space: nowrap;
  }
  ul.plain {
    list-style: none;
    padding: 0;
    margin: 0;
  }
  .secret {
    display: block;
    padding: 0.75rem 1rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--round);
    font-size: 1rem;
    user-select: all;
  }
  .badge {
    display: inline-block;
    padding: 0 0.625em;
    border-radius: 1em;
    font-size: 0.875em;
    font-weight: 600;
    white-space: nowrap;
    background: var(--sunken);
    color: var(--ink);
  }
  .badge.good {
    background: var(--good-soft);
    color: var(--good);
  }
  .badge.warn {
    background: var(--warn-soft);
    color: var(--warn);
  }
  .badge.bad {
    background: var(--bad-soft);
    color: var(--bad);
  }
  .notice {
    border: 1px solid var(--line);
    border-inline-start: 0.375rem solid var(--edge);
    background: var(--surface);
    border-radius: var(--round);
    padding: 0.875rem 1.125rem;
    margin-block: 1rem;
  }
  .notice > :last-child {
    margin-bottom: 0;
  }
  .notice.good {
    border-inline-start-color: var(--good);
    background: var(--good-soft);
  }
  .notice.warn {
    border-inline-start-color: var(--warn);
    background: var(--warn-soft);
  }
  .notice.bad {
    border-inline-start-color: var(--bad);
    background: var(--bad-soft);
  }
  .timeline {
    list-style: none;
    padding: 0;
    margin: 0;
  }
  .timeline li {
    position: relative;
    padding: 0 0 1.125rem 1.75rem;
  }
  .timeline li::before {
    content: '';
    position: absolute;
    left: 0.25rem;
    top: 0.5em;
    width: 0.75rem;
    height: 0.75rem;
    border-radius: 50%;
    background: var(--mark);
    outline: 3px solid var(--surface);
    z-index: 1;
  }
  .timeline li:not(:last-child)::after {
    content: '';
    position: absolute;
    left: 0.5625rem;
    top: 0.75em;
    bottom: -0.5em;
    width: 0.125rem;
    background: var(--line);
  }
  .timeline .good::before {
    background: var(--good);
  }
  .timeline .warn::before {
    background: var(--surface);
    border: 0.1875rem solid var(--warn);
  }
  .timeline .bad::before {
    background: var(--bad);
    border-radius: 0;
  }
  .timeline .what {
    font-weight: 600;
  }
  .timeline .when {
    color: var(--quiet);
    font-size: 0.875rem;
    display: block;
    font-variant-numeric: tabular-nums;
  }
`;
