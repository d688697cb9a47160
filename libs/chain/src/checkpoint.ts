import { canonicalJson } from '@kyoka/kernel';
import type { Instant } from '@kyoka/kernel';
import type { Head, Sha256Hex } from './block.js';

/** What is signed: the heads of every chain of one writer at one moment. */
export interface CheckpointBody {
  readonly writer: string;
  /** From 1, without gaps, per writer. */
  readonly number: number;
  /** Hash of the writer's checkpoint before; 64 zeros for the first. */
  readonly prev: string;
  readonly at: Instant;
  readonly heads: readonly Head[];
}

export interface Checkpoint extends CheckpointBody {
  /** Ed25519 over {@link checkpointText}, base64url. */
  readonly signature: string;
}

export const NO_CHECKPOINT = '0'.repeat(64);

/** The text that is signed: canonical JSON (RFC 8785) of `["kyoka checkpoint v1", body]`. */
export function checkpointText({ writer, number, prev, at, heads }: CheckpointBody): string {
  const plain = heads.map((head) => ({ chain: head.chain, number: head.number, hash: head.hash }));
  return canonicalJson(['kyoka checkpoint v1', { writer, number, prev, at, heads: plain }]);
}

/** By what the next checkpoint names this one. */
export function checkpointHash(sha256Hex: Sha256Hex, checkpoint: Checkpoint): string {
  return sha256Hex(canonicalJson([checkpointText(checkpoint), checkpoint.signature]));
}

/** The checkpoint of a parsed line, or `undefined` if it has another form. */
export function readCheckpoint(value: unknown): Checkpoint | undefined {
  if (!isRecord(value)) return undefined;
  const { writer, number, prev, at, heads, signature } = value;
  const known =
    typeof writer === 'string' &&
    isNumber(number) &&
    typeof prev === 'string' &&
    isNumber(at) &&
    typeof signature === 'string' &&
    Array.isArray(heads) &&
    heads.every(isHead);
  return known ? { writer, number, prev, at, heads, signature } : undefined;
}

function isHead(value: unknown): value is Head {
  return (
    isRecord(value) &&
    typeof value['chain'] === 'string' &&
    isNumber(value['number']) &&
    typeof value['hash'] === 'string'
  );
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
