import { hash } from 'node:crypto';

/** The id of an act of an erasure in the ledger: it follows from its parts, so an act told twice is one. */
export function actId(erasure: string, subject: string, step: string): string {
  const hex = hash('sha256', `erasure act\n${erasure}\n${subject}\n${step}`);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
