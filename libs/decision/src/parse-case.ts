import {
  ACTORS,
  CONTACT_CLASSES,
  CONTACT_KINDS,
  type FieldFault,
  parseInstant,
  STOP_KINDS,
  tokyoDayBounds,
} from '@kyoka/kernel';
import { CONTENT_OWNERS, PROVISION_BASES, RECIPIENT_KINDS } from '@kyoka/policy';
import { z } from 'zod';
import type { DecisionCase } from './facts.js';

const MAX_FAULTS = 50;

const word = z.string().max(200);
const list = <T extends z.ZodType>(of: T, max: number) => z.array(of).max(max);
const instant = z.string().max(40).transform(readAs(parseInstant, 'a time with its offset'));
const day = z.iso.date({ error: 'expected a day, YYYY-MM-DD' });
const instantOrDay = z
  .string()
  .max(40)
  .transform(
    readAs(
      (text) => parseInstant(text) ?? tokyoDayBounds(text)?.first,
      'a time with its offset, or a day',
    ),
  );

const consent = z.object({
  act: z.enum(['granted', 'withdrawn']),
  purpose: word,
  channel: word,
  recipient: word.nullish(),
  at: instant,
  evidence: word.nullish(),
  actor: z.enum(ACTORS).nullish(),
  confirmed: z.boolean().nullish(),
  policyVersion: word.nullish(),
});

const suppression = z.object({
  kind: z.enum(STOP_KINDS),
  purpose: word.nullish(),
  channel: word.nullish(),
  at: instant.nullish(),
  endedAt: instant.nullish(),
  actor: z.enum(ACTORS).nullish(),
  evidence: word.nullish(),
});

const recipient = z.object({
  id: word,
  kind: z.enum(RECIPIENT_KINDS).nullish(),
  basis: z.enum(PROVISION_BASES).nullish(),
  contractRef: word.nullish(),
  useLimitRef: word.nullish(),
  items: list(word, 100).nullish(),
  filing: word.nullish(),
  reviewedAt: instantOrDay.nullish(),
  country: word.nullish(),
  foreignBasis: word.nullish(),
  enabled: z.boolean().nullish(),
});

const facts = z.object({
  category: word.nullish(),
  status: z.enum(['active', 'cancelled']).nullish(),
  contactPoint: z
    .object({
      kind: z.enum(CONTACT_KINDS),
      class: z.enum(CONTACT_CLASSES).nullish(),
      sources: list(word, 100).nullish(),
      confirmedAt: instant.nullish(),
    })
    .nullish(),
  acquired: z
    .object({
      source: word.nullish(),
      at: instant.nullish(),
      policyVersion: word.nullish(),
      noticeShown: z.boolean().nullish(),
    })
    .nullish(),
  consents: list(consent, 5_000).nullish(),
  suppressions: list(suppression, 5_000).nullish(),
  adsSwitch: z.enum(['on', 'off', 'never_set']).nullish(),
  recipient: recipient.nullish(),
});

/** Strict where a misspelt member would widen the answer; an unknown fact only leaves one unknown. */
const request = z.strictObject({
  purpose: word.nullish(),
  channel: word.nullish(),
  contentOwner: z.enum(CONTENT_OWNERS).nullish(),
  recipient: word.nullish(),
  actor: word.nullish(),
  roles: list(word, 100).nullish(),
  use: z
    .strictObject({
      from: day.nullish(),
      to: day.nullish(),
      users: list(word, 1_000).nullish(),
    })
    .nullish(),
  linking: z.boolean().nullish(),
  lookalike: z.boolean().nullish(),
});

const decisionCase = z.object({
  id: word.nullish(),
  policy: word.nullish(),
  at: instant.nullish(),
  request: request.nullish(),
  facts: facts.nullish(),
});

export type ParsedCase =
  | { readonly ok: true; readonly case: DecisionCase }
  | { readonly ok: false; readonly faults: readonly FieldFault[] };

/**
 * Reads a decision case. Words that a policy defines may be anything (they are refused by the
 * decision with their code); words of the product's own closed lists, times and sizes may not.
 * `null` counts as absent. Faults name fields and what was expected, never a value.
 */
export function parseCase(json: unknown): ParsedCase {
  const parsed = decisionCase.safeParse(json);
  if (!parsed.success) {
    return { ok: false, faults: parsed.error.issues.slice(0, MAX_FAULTS).map(faultOf) };
  }
  const { facts: given, request: asked = {}, at = Number.NaN, ...rest } = compact(parsed.data);
  const question = { ...rest, at, request: asked };
  if (!given) return { ok: true, case: question };
  const { recipient: entry, ...person } = given;
  return { ok: true, case: { ...question, ...(entry ? { recipient: entry } : {}), facts: person } };
}

function readAs<T>(read: (text: string) => T | undefined, expected: string) {
  return (text: string, context: z.RefinementCtx): T => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `expected ${expected}` });
    return z.NEVER;
  };
}

function faultOf(issue: z.core.$ZodIssue): FieldFault {
  const field = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  switch (issue.code) {
    case 'unrecognized_keys':
      return { field, expected: 'only the members that are defined' };
    case 'invalid_type':
      return { field, expected: issue.expected };
    case 'invalid_value':
      return { field, expected: `one of: ${issue.values.map(String).join(', ')}` };
    case 'too_big':
      return { field, expected: `at most ${issue.maximum} in size` };
    default:
      return { field, expected: issue.message.replace(/^expected /, '') };
  }
}

/** What is left when `null` counts as absent. */
type Compact<T> = T extends readonly (infer Item)[]
  ? Compact<Item>[]
  : T extends object
    ? { [K in keyof T as null extends T[K] ? never : K]: Compact<T[K]> } & {
        [K in keyof T as null extends T[K] ? K : never]?: Compact<NonNullable<T[K]>>;
      }
    : T;

function compact<T>(value: T): Compact<T> {
  if (Array.isArray(value)) return value.map(compact) as Compact<T>;
  if (typeof value !== 'object' || value === null) return value as Compact<T>;
  const members = Object.entries(value)
    .filter(([, member]) => member !== null && member !== undefined)
    .map(([key, member]) => [key, compact(member)]);
  return Object.fromEntries(members) as Compact<T>;
}
