import { faultFields } from './fault.js';

/** Begins with a letter and holds no @, so neither an address nor a number is one. */
const word = (value: unknown) =>
  typeof value === 'string' && /^[a-z][a-z0-9_.:-]{0,63}$/i.test(value);

const uuid = (value: unknown) =>
  typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

const number = (value: unknown) => typeof value === 'number' && Number.isFinite(value);

/** An offset or a position, which the drivers give as text. */
const position = (value: unknown) =>
  number(value) || (typeof value === 'string' && /^(?:0|[1-9]\d{0,18})$/.test(value));

const flag = (value: unknown) => typeof value === 'boolean';

const ownerName = (value: unknown) =>
  typeof value === 'string' && /^(?:user|role|sample):[a-z][a-z0-9_-]{0,31}$/.test(value);

/** Every field that a log line may have, and what its value must look like; anything else is left out. */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  // Words of ours.
  code: word,
  role: word,
  reason: word,
  network: word,
  recipient: word,
  operation: word,
  state: word,
  kind: word,
  method: word,
  route: (value) =>
    typeof value === 'string' && /^\/[a-z0-9/:{}*._-]{0,99}$/i.test(value) && !/\d{5}/.test(value),
  context: word,
  policy: (value) => typeof value === 'string' && /^[a-z][a-z0-9_-]{0,31}@\d{1,4}$/.test(value),
  topic: word,
  group: word,
  type: word,
  // Random ids of ours.
  subject: uuid,
  audience: uuid,
  run: uuid,
  attempt: uuid,
  removal: uuid,
  suspension: uuid,
  event: uuid,
  token: uuid,
  owner: ownerName,
  // Numbers.
  partition: number,
  offset: position,
  position,
  attemptNumber: number,
  count: number,
  accepted: number,
  duplicate: number,
  skipped: number,
  parked: number,
  refused: number,
  sent: number,
  received: number,
  invalid: number,
  held: number,
  segment: number,
  permitted: number,
  status: number,
  port: number,
  pid: number,
  ms: number,
  waitMs: number,
  bytes: number,
  lag: number,
  recovered: flag,
};

/** Fields of a line, by name. What may be written of them the list decides. */
export type LogFields = { readonly [field: string]: unknown };

/**
 * The fields of a log line that may be written: those of the list whose value has the right form,
 * `counts` (numbers by reason or kind) and `fault` (an error, reduced to what can't hold a value somebody
 * sent). How many were left out is told as `dropped`, not their names, since a name may be data as well.
 */
export function allowedFields(fields: LogFields): Record<string, unknown> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const kept = given.flatMap(([name, value]) => {
    const allowed = allowedValue(name, value);
    return allowed === undefined ? [] : [[name, allowed] as const];
  });
  const dropped = given.length - kept.length;
  return { ...Object.fromEntries(kept), ...(dropped > 0 && { dropped }) };
}

function allowedValue(name: string, value: unknown): unknown {
  if (name === 'fault') return faultFields(value);
  if (name === 'counts') return countsBy(value);
  return Object.hasOwn(FIELDS, name) && FIELDS[name]?.(value) === true ? value : undefined;
}

function countsBy(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, count]) => /^[a-z][a-z_]{0,47}$/.test(key) && number(count),
    ),
  );
}
