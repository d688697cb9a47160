import { hash } from 'node:crypto';
import type { Json } from '@kyoka/kernel';

/**
 * A stop or erasure in a form that can be applied again to an older database: who and what it
 * reaches as keyed tokens, its scope, its times, its evidence id. Never a contact value. Intake
 * defines the members.
 */
export type StopJournalEntry = { readonly [member: string]: Json | undefined };

export interface JournalLine {
  /** From 1, without gaps, per writer. */
  readonly position: number;
  /** First position of the write that this line was part of. */
  readonly group: number;
  readonly entry: StopJournalEntry;
}

const LINE = /^\{"c":"([0-9a-f]{16})",("p":.*\})$/s;

/** `{"c":checksum,"p":position,"g":group,"e":entry}`; the checksum covers the writer and the rest of the line. */
export function writeJournalLine(writer: string, { position, group, entry }: JournalLine): string {
  const rest = `"p":${position},"g":${group},"e":${JSON.stringify(entry)}}`;
  return `{"c":"${checksum(writer, rest)}",${rest}\n`;
}

/** `undefined` for a line that isn't exactly one that this writer wrote. */
export function readJournalLine(writer: string, text: string): JournalLine | undefined {
  const [, sum, rest = ''] = LINE.exec(text) ?? [];
  if (sum === undefined || sum !== checksum(writer, rest)) return undefined;
  const { p, g, e } = JSON.parse(`{${rest}`) as { p: number; g: number; e: StopJournalEntry };
  return { position: p, group: g, entry: e };
}

function checksum(writer: string, rest: string): string {
  return hash('sha256', `${writer}\n${rest}`).slice(0, 16);
}
