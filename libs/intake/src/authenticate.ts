import type { Instant } from '@kyoka/kernel';
import { KID_ATTRIBUTE } from '@kyoka/publisher';
import { verifyMacSync } from '@kyoka/publisher/node';
import type { RegisteredPublisher, Vault } from '@kyoka/vault';
import type { RawEvent } from './types.js';

export type Authenticated =
  | { readonly ok: true; readonly publisher: RegisteredPublisher | undefined }
  | { readonly ok: false };

/** The registered publishers that a batch names, by key id. */
export type Publishers = ReadonlyMap<string, RegisteredPublisher>;

export async function publishersOf(events: readonly RawEvent[], vault: Vault): Promise<Publishers> {
  const kids = new Set(events.map((event) => event.attributes[KID_ATTRIBUTE]));
  const found = new Map<string, RegisteredPublisher>();
  for (const kid of kids) {
    const publisher = kid === undefined ? undefined : await vault.publishers.find(kid);
    if (publisher !== undefined) found.set(publisher.kid, publisher);
  }
  return found;
}

/**
 * Whether an event may change anything. With a MAC: a registered key, not revoked and not past its
 * end when the event first arrived, that is bound to the event's source and type. An event that
 * names a key has to be valid under it whatever door it came through.
 */
export function authenticate(
  event: RawEvent,
  arrivedAt: Instant,
  publishers: Publishers,
): Authenticated {
  const kid = event.attributes[KID_ATTRIBUTE];
  if (kid === undefined) {
    return event.by.kind === 'mac' ? { ok: false } : { ok: true, publisher: undefined };
  }
  const publisher = publishers.get(kid);
  if (publisher === undefined || !mayPublish(publisher, event, arrivedAt)) return { ok: false };
  return verifyMacSync(event.attributes, event.data, publisher.macKey)
    ? { ok: true, publisher }
    : { ok: false };
}

function mayPublish(publisher: RegisteredPublisher, event: RawEvent, arrivedAt: Instant): boolean {
  return (
    (publisher.revokedAt === undefined || arrivedAt < publisher.revokedAt) &&
    arrivedAt <= publisher.validUntil &&
    publisher.sources.includes(event.attributes['source'] ?? '') &&
    publisher.types.includes(event.attributes['type'] ?? '')
  );
}

/** Whether a publisher's key may speak for the source that the data names; an event without a key was vouched for otherwise. */
export function maySpeakFor(
  publisher: RegisteredPublisher | undefined,
  source: string | undefined,
): boolean {
  return publisher === undefined || source === undefined || publisher.sources.includes(source);
}

/** Who vouches for an event that was let in, as the ledger keeps it: a user, a publisher's key, or nobody. */
export function vouchedBy({ attributes, by }: RawEvent): string {
  const kid = attributes[KID_ATTRIBUTE];
  return kid === undefined ? (by.owner ?? by.kind) : `publisher:${kid}`;
}
