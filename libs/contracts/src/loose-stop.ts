import {
  ACTORS,
  ANY,
  CHANNELS,
  CONTACT_KINDS,
  type Actor,
  type Channel,
  type ContactKind,
} from '@kyoka/kernel';
import { addressKind } from './address.js';
import { CONTACT_VALUE_LIMIT, COMPACT_JWE, SEALED_LIMIT } from './contact.js';
import { isStopType, type StopType } from './events/types.js';
import { isMoment, LIST_LIMIT, name, reference, text, type SubjectRef } from './words.js';

export interface LooseContact {
  readonly kind: ContactKind;
  readonly value?: string;
  readonly sealed?: string;
}

/** The widest reading of a stop that its contract refuses. At least a subject or a contact is known. */
export interface LooseStop {
  readonly type: StopType;
  readonly subject?: SubjectRef;
  readonly contacts: readonly LooseContact[];
  readonly purposes: readonly string[];
  readonly channels: readonly (Channel | typeof ANY)[];
  /** Where nothing but `ads` is meant; absent: every recipient. */
  readonly recipient?: string;
  readonly occurredAt?: string;
  readonly evidenceId?: string;
  readonly actor?: Actor;
}

/** More than the contract takes: a list that is too long must not lose its tail. */
const LOOSE_CONTACT_LIMIT = 1000;

/** What the policies know of what a stop may name; a name that they don't know widens it. */
export interface KnownNames {
  hasPurpose(purpose: string): boolean;
  /** A recipient, or a group of recipients. */
  hasRecipient(recipient: string): boolean;
}

type Bag = Readonly<Record<string, unknown>>;

/** What a stop covers by its type alone; `undefined`: the event's own scope says it. */
const SCOPE_OF_TYPE: Readonly<
  Record<
    StopType,
    { readonly purposes?: readonly string[]; readonly channels?: readonly Channel[] }
  >
> = {
  'jp.kyoka.consent.withdrawn.v1': {},
  'jp.kyoka.suspension.requested.v1': {},
  'jp.kyoka.erasure.requested.v1': { purposes: [ANY] },
  'jp.kyoka.adsswitch.changed.v1': { purposes: [ANY], channels: ['ads'] },
  'jp.kyoka.membership.cancelled.v1': { purposes: [ANY] },
  'jp.kyoka.delivery.bounced.v1': { purposes: [ANY] },
  'jp.kyoka.delivery.complained.v1': { purposes: [ANY] },
  'jp.kyoka.line.unfollowed.v1': { purposes: [ANY], channels: ['line'] },
  'jp.kyoka.delivery.returned.v1': { purposes: [ANY], channels: ['dm'] },
};

/** Events of a stop type that clearly don't stop anything. */
const NO_STOP: Readonly<Partial<Record<StopType, (data: Bag) => boolean>>> = {
  'jp.kyoka.adsswitch.changed.v1': (data) => data['state'] === 'on',
  'jp.kyoka.delivery.bounced.v1': (data) => data['bounce'] === 'soft',
};

/** Whether an event may stop something, as far as its type and data say; one that clearly doesn't is none. */
export function mayStop(type: string, data: unknown): type is StopType {
  return isStopType(type) && NO_STOP[type]?.(bagOf(data)) !== true;
}

/**
 * Reads what can be read of a stop that `parseEvent` found malformed, or that names what no policy
 * knows: a scope that is missing, unreadable or partly unknown becomes `*`, an unknown recipient every
 * recipient (a stop is never lost to strictness). The caller has authenticated the event already and
 * parks it for a person as well.
 *
 * @param known what the policies know; left out, any well-formed name counts as known
 * @returns `undefined` if the type doesn't stop, the event clearly doesn't, or it names nobody readable
 */
export function readStopLoosely(
  type: string,
  data: unknown,
  known?: KnownNames,
): LooseStop | undefined {
  if (!mayStop(type, data)) return undefined;
  const bag = bagOf(data);

  const { subject, address } = namedBy(bag['subject']);
  const contacts = [...address, ...contactsOf(bag['contacts'] ?? bag['contact'])];
  if (subject === undefined && contacts.length === 0) return undefined;

  const scope = bag['scope'] === undefined ? bag : bagOf(bag['scope']);
  const evidence = bagOf(bag['evidence']);
  const evidenceId = reference(128).safeParse(lineOf(evidence['id'], 128)).data;
  const actor = ACTORS.find((known) => known === evidence['actor']);
  const purposes =
    SCOPE_OF_TYPE[type].purposes ??
    widest(scope['purposes'] ?? scope['purpose'], (one) => {
      const purpose = nameOf(one);
      return purpose !== undefined && (known?.hasPurpose(purpose) ?? true) ? purpose : undefined;
    });
  const channels =
    SCOPE_OF_TYPE[type].channels ??
    widest(scope['channels'] ?? scope['channel'], (one) =>
      CHANNELS.find((channel) => channel === one),
    );
  const named = channels.every((one) => one === 'ads') ? nameOf(bag['recipient']) : undefined;
  const recipient = named !== undefined && (known?.hasRecipient(named) ?? true) ? named : undefined;
  return {
    type,
    ...(subject && { subject }),
    contacts,
    purposes,
    channels,
    ...(recipient !== undefined && { recipient }),
    ...(typeof bag['occurredAt'] === 'string' &&
      isMoment(bag['occurredAt']) && { occurredAt: bag['occurredAt'] }),
    ...(evidenceId !== undefined && { evidenceId }),
    ...(actor && { actor }),
  };
}

function bagOf(value: unknown): Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : {};
}

/** All of the list if every item is known, else everything. */
function widest<T extends string>(
  value: unknown,
  known: (one: unknown) => T | undefined,
): (T | typeof ANY)[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.length > LIST_LIMIT) return [ANY];
  const read = list.map(known);
  return read.every((one) => one !== undefined) ? read : [ANY];
}

function lineOf(value: unknown, max: number): string | undefined {
  const line = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return text(max).safeParse(line).data;
}

function nameOf(value: unknown): string | undefined {
  return name.safeParse(value).data;
}

/** Whom a stop names: a subject or, where its reference is an address in truth, whoever has that address. */
function namedBy(value: unknown): {
  readonly subject?: SubjectRef;
  readonly address: readonly LooseContact[];
} {
  const bag = bagOf(value);
  const source = nameOf(bag['source']);
  const ref = lineOf(bag['ref'], 128);
  const kind = ref === undefined ? undefined : addressKind(ref);
  if (ref !== undefined && kind !== undefined) return { address: [{ kind, value: ref }] };
  return source !== undefined && ref !== undefined
    ? { subject: { source, ref }, address: [] }
    : { address: [] };
}

function contactsOf(value: unknown): LooseContact[] {
  const list = Array.isArray(value) ? value : [value];
  return list.slice(0, LOOSE_CONTACT_LIMIT).flatMap(contactOf);
}

function contactOf(value: unknown): LooseContact[] {
  const bag = typeof value === 'string' ? { value } : bagOf(value);
  const clear = lineOf(bare(bag['value']), CONTACT_VALUE_LIMIT);
  const kind = CONTACT_KINDS.find((known) => known === bag['kind']) ?? guessKind(clear);
  if (kind === undefined) return [];
  if (clear !== undefined) return [{ kind, value: clear }];
  const sealed = bag['sealed'];
  if (typeof sealed === 'string' && sealed.length <= SEALED_LIMIT && COMPACT_JWE.test(sealed)) {
    return [{ kind, sealed }];
  }
  return [];
}

/** Around an address: white space, control characters, angle brackets after a display name, the scheme of a link. */
const AROUND = /^[\s\p{Cc}]*(?:.*<)?(?:mailto:|tel:)?|>?[\s\p{Cc}]*$/giu;

function bare(value: unknown): unknown {
  return typeof value === 'string' && value.length <= 2 * CONTACT_VALUE_LIMIT
    ? value.replace(AROUND, '')
    : value;
}

function guessKind(value: string | undefined): ContactKind | undefined {
  if (value === undefined) return undefined;
  if (/[@＠]/.test(value)) return 'email';
  return /^[+＋(（]?[\d０-９][\d０-９()（）\s.\-‐-―－ー]{5,24}$/.test(value) ? 'phone' : undefined;
}
