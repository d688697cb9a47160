import type { Measured } from './alternate.js';

/** One row as `--json` writes it. */
export interface BenchRow extends Measured {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
}

/** The rows as lines for a person: what, measured, limit, ratio. */
export function tableOf(rows: readonly BenchRow[]): string {
  const lines = rows.map(({ id, what, unit, value, limit, ratio }) =>
    [
      id.padEnd(14),
      `${Math.round(value)} ${unit}`.padStart(16),
      `limit ${Math.round(limit)}`.padStart(14),
      `ratio ${ratio.toFixed(2)}`.padStart(12),
      `  ${what}`,
    ].join(''),
  );
  return `${lines.join('\n')}\n`;
}
