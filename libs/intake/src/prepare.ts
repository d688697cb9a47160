import {
  idempotencyKey,
  isStopType,
  type KnownEvent,
  type LooseStop,
  mayStop,
  type ParkReason,
  parseEvent,
  readStopLoosely,
} from '@kyoka/contracts';
import {
  canonicalJson,
  type FieldFault,
  type Instant,
  type Json,
  parseInstant,
} from '@kyoka/kernel';
import { effectiveAt } from '@kyoka/permission';
import type { Vault } from '@kyoka/vault';
import { authenticate, kidOf, maySpeakFor } from './authenticate.js';
import { type GivenContact, type PreparedContact, readContacts } from './contacts.js';
import { effectsOf } from './effects/event-effects.js';
import { STOP_ACT } from './effects/stop-event.js';
import type { Effects } from './effects/effects.js';
import { stopEffects } from './effects/stop-effects.js';
import type { KnownPublisher, Publishers } from './publishers/known-publishers.js';
import type { RawEvent } from './types.js';
import { lackOf } from './needs.js';
import { misfitOf, type Vocabulary } from './vocabulary.js';

export interface Effective {
  readonly effects: Effects;
  readonly contacts: readonly PreparedContact[];
}

/** An event after everything that needs no database: what it says, what it changes, or why it doesn't. */
export interface Prepared {
  readonly raw: RawEvent;
  /** Its first durable arrival. */
  readonly arrivedAt: Instant;
  /** `ce_source` and `ce_id`; absent where they don't keep their contract, or nobody vouches for it. */
  readonly key?: { readonly source: string; readonly id: string };
  /** Keyed digest of the content; the same for every sealing and signing of the same event. */
  readonly digest: Buffer;
  readonly outcome: 'accepted' | 'skipped' | 'parked' | 'refused';
  readonly reason?: ParkReason;
  readonly faults: readonly FieldFault[];
  /** What it changes. A parked stop has some, too: it is applied at its widest readable scope. */
  readonly effective?: Effective;
  /** Whether it may stop something, whoever sent it. */
  readonly stop: boolean;
  /** The publisher whose key it names, rightly or not. */
  readonly publisherId?: string;
  /** The key that vouches for it, unless that has ended: the transaction looks. */
  readonly kid?: string;
}

export interface PrepareContext {
  readonly vault: Vault;
  readonly vocabulary: Vocabulary;
  readonly publishers: Publishers;
}

/**
 * Reads one event as far as that goes without a database. Nothing here throws for what somebody
 * sent: what can't be used is parked, and over HTTP a malformed event that stops nothing is refused.
 *
 * @param now its arrival, where its transport knows of none
 */
export function prepare(raw: RawEvent, now: Instant, context: PrepareContext): Prepared {
  const arrivedAt = arrivalOf(raw, now);
  const type = raw.attributes['type'] ?? '';
  const data = parseJson(raw.data);
  const claimed = context.publishers.get(kidOf(raw) ?? '');
  const event = {
    ...read(raw, data, arrivedAt, context),
    arrivedAt,
    stop: mayStop(type, data),
    ...(claimed && { publisherId: claimed.id }),
  };
  return raw.by.kind === 'person' ? narrowing(event, context.vault) : event;
}

/** The same event as one that nobody vouches for. */
export function unauthenticated(
  { raw, arrivedAt, stop, publisherId }: Prepared,
  vault: Vault,
): Prepared {
  return {
    ...parked(raw, vault, 'unauthenticated', []),
    arrivedAt,
    stop,
    ...(publisherId !== undefined && { publisherId }),
  };
}

/**
 * What a person takes in of an event that nobody vouches for: a stop, as wide as it can be read. It
 * leaves no trace in the inbox, so that a forged one doesn't use up the id of another.
 */
function narrowing(event: Prepared, vault: Vault): Prepared {
  const { effective } = event;
  const stops = (effective?.effects.stopActs?.length ?? 0) > 0;
  if (effective === undefined || !stops) return unauthenticated(event, vault);
  const { key: _key, reason: _reason, ...rest } = event;
  return { ...rest, outcome: 'accepted', effective };
}

/** A broker's clock may be ahead of ours: nothing arrives after it is read. */
const arrivalOf = (raw: RawEvent, now: Instant): Instant => Math.min(raw.arrivedAt ?? now, now);

type ReadEvent = Omit<Prepared, 'arrivedAt' | 'stop' | 'publisherId'>;

function read(
  raw: RawEvent,
  data: unknown,
  arrivedAt: Instant,
  context: PrepareContext,
): ReadEvent {
  const { attributes } = raw;
  const type = attributes['type'] ?? '';
  const authenticated = authenticate(raw, context.publishers);
  if (!authenticated.ok) return parked(raw, context.vault, 'unauthenticated', []);

  const parsed = parseEvent(attributes, data);
  if (!parsed.ok && parsed.kind === 'unknown_type') {
    return { raw, digest: rawDigest(raw, context.vault), outcome: 'skipped', faults: [] };
  }
  const { publisher } = authenticated;
  const vouching = raw.by.kind === 'person' ? undefined : publisher;
  const reading: Reading = { raw, arrivedAt, context, publisher, vouching, data };
  if (!maySpeakFor(vouching, sourceNamed(data))) {
    return parked(raw, context.vault, 'unauthenticated', []);
  }
  const event = parsed.ok
    ? understood(parsed.event, reading)
    : malformed(type, parsed.kind === 'malformed' ? parsed.faults : [], reading);
  return { ...event, ...(vouching && { kid: vouching.kid }) };
}

interface Reading {
  readonly raw: RawEvent;
  readonly arrivedAt: Instant;
  readonly context: PrepareContext;
  /** Whose key its contacts are sealed under. */
  readonly publisher: KnownPublisher | undefined;
  /** Whose key vouches for it. */
  readonly vouching: KnownPublisher | undefined;
  readonly data: unknown;
}

function understood(event: KnownEvent, reading: Reading): ReadEvent {
  const { raw, arrivedAt, context } = reading;
  const { vault, vocabulary } = context;
  const given = contactsIn(event.data);
  const subject = (event.data as { subject?: { source: string; ref: string } }).subject;
  const source = subject?.source ?? event.source;
  const onPage = raw.by.kind === 'page';
  // What an event says of itself proves nothing: only a key that is bound to the source attests for it.
  const attests = onPage || (reading.vouching !== undefined && vocabulary.mayAttest(source));
  const read = readContacts(given, contactContext(reading, subject?.ref ?? '', attests));
  const base = {
    raw,
    key: { source: event.source, id: event.id },
    digest: contentDigest(event, read.contacts, vault),
    faults: read.faults.map((one) => one.fault),
  };
  const misfit = misfitOf(event.data, vocabulary);
  const fault = read.faults[0];
  const faults = [...base.faults, ...read.unusable, ...(misfit ? [misfit.fault] : [])];
  if (isStopType(event.type) && faults.length > 0) {
    // The contract is kept, but not all of it can be understood: applied as wide as it can be read.
    const otherwise = fault?.kind ?? misfit?.reason;
    const stopped = loosely(event.type, { ...base, faults }, reading, otherwise ?? 'malformed');
    if (stopped.effective !== undefined || otherwise !== undefined) return stopped;
  }
  if (fault !== undefined) {
    return fault.kind === 'malformed' && raw.by.kind === 'token'
      ? { ...base, outcome: 'refused' }
      : { ...base, outcome: 'parked', reason: fault.kind };
  }
  // On the page the person acts; it brings in nothing that the source would have to vouch for.
  const lack =
    isStopType(event.type) || onPage
      ? misfit
      : (misfit ?? lackOf(event.data, (version) => vocabulary.needsOf(source, version)));
  if (lack !== undefined) {
    return { ...base, outcome: 'parked', reason: lack.reason, faults: [lack.fault] };
  }
  const effects = effectsOf(
    event,
    {
      arrivedAt,
      attests,
      earnsConsent: onPage || vocabulary.earnsConsent(source),
      eventKey: `${event.source}\n${event.id}`,
    },
    read.contacts.length,
  );
  return 'parked' in effects
    ? { ...base, outcome: 'parked', reason: effects.parked }
    : { ...base, outcome: 'accepted', effective: { effects, contacts: read.contacts } };
}

function malformed(type: string, faults: readonly FieldFault[], reading: Reading): ReadEvent {
  const { raw, context } = reading;
  const key = idempotencyKey(raw.attributes);
  const base = {
    raw,
    ...(key && { key }),
    digest: rawDigest(raw, context.vault),
    faults,
  };
  if (isStopType(type)) {
    const stopped = loosely(type, base, reading, 'malformed');
    if (stopped.effective !== undefined) return stopped;
  }
  return raw.by.kind === 'token'
    ? { ...base, outcome: 'refused' }
    : { ...base, outcome: 'parked', reason: 'malformed' };
}

/** A stop that can't be understood wholly: applied at its widest readable scope, and parked for a person. One that names nobody readable is parked as it would be `otherwise`. */
function loosely(
  type: string,
  base: Omit<ReadEvent, 'outcome'>,
  reading: Reading,
  otherwise: ParkReason,
): ReadEvent {
  const { arrivedAt, context } = reading;
  const stop = readStopLoosely(type, reading.data, context.vocabulary);
  if (stop === undefined) return { ...base, outcome: 'parked', reason: otherwise };
  const { contacts } = readContacts(
    stop.contacts,
    // The harm of a contact in the clear is done; not to read it would be another.
    { ...contactContext(reading, stop.subject?.ref ?? '', false), plaintext: true },
  );
  if (stop.subject === undefined && contacts.length === 0) {
    return { ...base, outcome: 'parked', reason: otherwise };
  }
  return {
    ...base,
    outcome: 'parked',
    reason: 'stop_widened',
    effective: { effects: looseEffects(stop, base.key, arrivedAt, contacts.length), contacts },
  };
}

function looseEffects(
  stop: LooseStop,
  key: Prepared['key'],
  arrivedAt: Instant,
  contactCount: number,
): Effects {
  const occurredAt =
    (stop.occurredAt === undefined ? undefined : parseInstant(stop.occurredAt)) ?? arrivedAt;
  const { at } = effectiveAt({ occurredAt, arrivedAt }, 'stop') as { at: Instant };
  const intent = {
    ...stop,
    at,
    evidenceId: stop.evidenceId ?? '',
    actor: stop.actor ?? ('subject' as const),
  };
  return {
    subject: stop.subject,
    contactsAt: at,
    ...stopEffects(intent, contactCount),
    ledger: {
      act: STOP_ACT[stop.type],
      at,
      body: {
        eventSource: key?.source,
        eventId: key?.id,
        type: stop.type,
        purposes: stop.purposes,
        channels: stop.channels,
        recipient: stop.recipient,
        readLoosely: true,
      },
    },
  };
}

/** Contacts are sealed for the id and source that stand in the event, whether they keep the contract or not. */
function contactContext(reading: Reading, ref: string, attests: boolean) {
  const { id = '', source = '' } = reading.raw.attributes;
  return {
    vault: reading.context.vault,
    publisher: reading.publisher,
    plaintext: reading.raw.by.plaintext,
    attests,
    binding: { id, source, ref },
  };
}

function parked(
  raw: RawEvent,
  vault: Vault,
  reason: ParkReason,
  faults: readonly FieldFault[],
): ReadEvent {
  return { raw, digest: rawDigest(raw, vault), outcome: 'parked', reason, faults };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(data));
  } catch {
    return undefined;
  }
}

function sourceNamed(data: unknown): string | undefined {
  const source = (data as { subject?: { source?: unknown } } | null | undefined)?.subject?.source;
  return typeof source === 'string' ? source : undefined;
}

function contactsIn(data: unknown): readonly GivenContact[] {
  return (data as { contacts?: readonly GivenContact[] }).contacts ?? [];
}

function rawDigest(raw: RawEvent, vault: Vault): Buffer {
  return vault.mac(
    'event bytes',
    Buffer.concat([Buffer.from(`${raw.attributes['type'] ?? ''}\u0000`), raw.data]),
  );
}

/** Contacts stand in it as tokens: sealing the same event again gives other ciphertext, and a digest of values could be guessed. */
function contentDigest(
  { type, time, data }: KnownEvent,
  contacts: readonly PreparedContact[],
  vault: Vault,
): Buffer {
  const content = {
    ...data,
    type,
    time,
    contacts: contacts.map((contact) => `${contact.kind}:${contact.token.toString('base64url')}`),
    confirmedAt: contactsIn(data).map((contact) => contact.confirmedAt ?? null),
  };
  return vault.mac('event content', Buffer.from(canonicalJson(content as unknown as Json)));
}
