import { KID_ATTRIBUTE } from '@kyoka/publisher';
import { verifyMacSync } from '@kyoka/publisher/node';
import type { KnownPublisher, Publishers } from './publishers/known-publishers.js';
import type { RawEvent } from './types.js';

export type Authenticated =
  { readonly ok: true; readonly publisher: KnownPublisher | undefined } | { readonly ok: false };

export const kidOf = ({ attributes }: RawEvent): string | undefined => attributes[KID_ATTRIBUTE];

/**
 * Whether an event may change anything, as far as that doesn't depend on time. With a MAC: of a
 * registered key that is bound to the event's source and type; whether the key had ended when the
 * event first arrived is for the transaction to judge. An event that names a key has to be valid
 * under it whatever door it came through, unless a person took it in all the same: then the key
 * opens its contacts and nothing more.
 */
export function authenticate(event: RawEvent, publishers: Publishers): Authenticated {
  const kid = kidOf(event);
  const publisher = kid === undefined ? undefined : publishers.get(kid);
  if (event.by.kind === 'person') return { ok: true, publisher };
  if (kid === undefined) {
    return event.by.kind === 'mac' ? { ok: false } : { ok: true, publisher: undefined };
  }
  if (publisher === undefined || !mayPublish(publisher, event)) return { ok: false };
  return verifyMacSync(event.attributes, event.data, publisher.macKey)
    ? { ok: true, publisher }
    : { ok: false };
}

function mayPublish(publisher: KnownPublisher, { attributes }: RawEvent): boolean {
  return (
    publisher.sources.includes(attributes['source'] ?? '') &&
    publisher.types.includes(attributes['type'] ?? '')
  );
}

/** Whether a publisher's key may speak for the source that the data names; an event without a key was vouched for otherwise. */
export function maySpeakFor(
  publisher: KnownPublisher | undefined,
  source: string | undefined,
): boolean {
  return publisher === undefined || source === undefined || publisher.sources.includes(source);
}

/** Who vouches for an event that was let in, as the ledger keeps it: a user, a publisher's key, or nobody. */
export function vouchedBy(event: RawEvent): string {
  const kid = kidOf(event);
  const { owner, kind } = event.by;
  return kid === undefined || kind === 'person' ? (owner ?? kind) : `publisher:${kid}`;
}
