import { ACTORS, ANY, CHANNELS, parseInstant, termDays } from '@kyoka/kernel';
import * as z from 'zod';
import { addressKind, holdsAddress } from './address.js';

/** Longest list of contacts, channels or purposes that one event or request may carry. */
export const LIST_LIMIT = 20;

/**
 * One line of text, or nothing, of at most `max` UTF-16 code units. Control characters and lone
 * surrogates are refused: neither PostgreSQL nor canonical JSON can hold them.
 */
const line = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'text without control characters' });

/** One line of text that says something. */
export const text = (max: number) => line(max).min(1);

/** What a source calls something of its own. It lies in the clear everywhere, so it may be no address. */
export const reference = (max: number) =>
  text(max).refine((value) => addressKind(value) === undefined, {
    error: 'a name of its own, not an email address or phone number',
  });

/** What people write for people. It lies in the clear, so it holds no email address and no phone number. */
export const prose = (max: number) =>
  text(max).refine((value) => !holdsAddress(value), {
    error: 'a text without an email address or phone number',
  });

/**
 * What somebody takes for a name of ours, or nothing; whether it is one is answered, not refused. It is
 * kept where the answer is, so it may be no address.
 */
export const asked = (max: number) =>
  line(max).refine((value) => !holdsAddress(value), {
    error: 'a name, not an email address or phone number',
  });

/** Name of a category, purpose, source or recipient as a policy writes it. */
export const name = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$/, {
    error: 'a name such as info_product or mall.rakuten',
  });

/** What the service calls a record of its own (subject, audience, run, decision, suspension). */
export const recordId = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, { error: 'an id' });

const EARLIEST = parseInstant('1900-01-01T00:00:00Z') as number;
const LATEST = parseInstant('2200-01-01T00:00:00Z') as number;

/** Whether a text is a moment that names its offset, between 1900 and 2200. */
export function isMoment(value: string): boolean {
  const at = parseInstant(value);
  return at !== undefined && at >= EARLIEST && at < LATEST;
}

/** RFC 3339 time with its offset, for example `2026-11-20T09:12:33+09:00`. */
export const moment = z
  .string()
  .max(40)
  .refine(isMoment, { error: 'a time with its offset, such as 2026-11-20T09:12:33+09:00' })
  .meta({ format: 'date-time' });

/** A calendar day in Asia/Tokyo. */
export const day = z.iso.date({ error: 'a day such as 2026-11-20' });

const isTerm = (value: string): boolean => termDays(value) !== undefined;

/** A moment, or how many days it is until then: `P90D`. */
export const momentOrTerm = z
  .string()
  .max(40)
  .refine((value) => isMoment(value) || isTerm(value), {
    error: 'a time with its offset, such as 2026-11-20T09:12:33+09:00, or days, such as P90D',
  })
  .meta({ description: 'RFC 3339 time with its offset, or P90D for so many days.' });

/** A calendar day in Asia/Tokyo, or how many days it is until then: `P90D`. */
export const dayOrTerm = z
  .string()
  .max(10)
  .refine((value) => day.safeParse(value).success || isTerm(value), {
    error: 'a day such as 2026-11-20, or days from today, such as P90D',
  })
  .meta({ description: 'A day in Asia/Tokyo, or P90D for so many days from today.' });

/** A policy and its version, for example `almado@1`. */
export const policyVersion = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9_-]*@[1-9][0-9]*$/, { error: 'a policy and its version, such as almado@1' });

export const channel = z.enum(CHANNELS);
const actor = z.enum(ACTORS);

const any = z.literal(ANY);

/** What a stop or its lift covers; `*` stands for every purpose or every channel. */
export const scope = z
  .object({
    purposes: z
      .array(z.union([any, name], { error: 'a purpose or *' }))
      .min(1)
      .max(LIST_LIMIT),
    channels: z
      .array(z.union([any, channel], { error: 'a channel or *' }))
      .min(1)
      .max(LIST_LIMIT),
  })
  .meta({ id: 'Scope', description: 'Purposes x channels; `*` stands for all of them.' });

export const purposeOrAny = z.union([any, name], { error: 'a purpose or *' });
export const channelsOrAny = z
  .array(z.union([any, channel], { error: 'a channel or *' }))
  .min(1)
  .max(LIST_LIMIT);

/** One record of a person as a source names it. */
export const subjectRef = z.object({ source: name, ref: reference(128) }).meta({
  id: 'SubjectRef',
  description: 'One record of a person: the source and its own reference, never an address.',
});
export type SubjectRef = z.infer<typeof subjectRef>;

/** How the person showed that the contact point is theirs. */
export const confirmation = z.object({ by: z.enum(['link', 'session']), at: moment }).meta({
  id: 'Confirmation',
  description:
    '`link`: a one-time link sent to the contact point. `session`: a logged-in session; counts only from a source whose contract lets it attest, in an event signed under a publisher key of that source.',
});

/** When, how, by whom and on which form a person acted. */
export const evidence = z
  .object({
    id: reference(128),
    actor,
    form: reference(128).optional(),
    wordingVersion: text(64).optional(),
    method: reference(64).optional(),
    noticeShownAt: moment.optional(),
    confirmed: confirmation.optional(),
  })
  .meta({
    id: 'Evidence',
    description:
      'What proves an act. An act whose actor is `operator` or `import` proves nothing and lifts nothing; it can still stop.',
  });
