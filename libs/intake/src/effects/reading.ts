import type { EventData, KnownEvent } from '@kyoka/contracts';
import { type Actor, type Instant, type Json, parseInstant } from '@kyoka/kernel';
import { type ConsentClass, effectiveAt, proofOf } from '@kyoka/permission';
import type { EffectContext, Effects, Parked } from './effects.js';

export type Evidence = NonNullable<EventData<'jp.kyoka.consent.granted.v1'>['evidence']>;

export const at = (text: string): Instant => parseInstant(text) as Instant;
export const maybe = (text: string | undefined): Instant | undefined =>
  text === undefined ? undefined : parseInstant(text);

/** Facts dated ahead of their arrival count from it; they neither grant nor stop. */
export const factAt = (text: string, context: EffectContext): Instant =>
  Math.min(at(text), context.arrivedAt);

export const actorOf = (evidence: Evidence | undefined): Actor => evidence?.actor ?? 'operator';

export const classOf = (evidence: Evidence | undefined, { attests }: EffectContext): ConsentClass =>
  proofOf({
    evidence: evidence?.id,
    actor: evidence?.actor,
    confirmed: evidence?.confirmed !== undefined && attests,
  });

/** A grant from a source that may not earn one, such as a mall, proves nothing whatever it says. */
export const classOfGrant = (
  evidence: Evidence | undefined,
  context: EffectContext,
): ConsentClass => (context.earnsConsent ? classOf(evidence, context) : 'unproven');

export const ledgerOf = (
  event: KnownEvent,
  act: string,
  moment: Instant,
  more: Readonly<Record<string, Json | undefined>>,
): NonNullable<Effects['ledger']> => ({
  act,
  at: moment,
  body: { eventSource: event.source, eventId: event.id, type: event.type, ...more },
});

/** An act that widens something: dated more than five minutes ahead of its arrival, it is parked. */
export function widening(
  event: KnownEvent & { data: { occurredAt: string } },
  context: EffectContext,
  effects: (moment: Instant) => Effects,
): Effects | Parked {
  const dated = effectiveAt(
    { occurredAt: at(event.data.occurredAt), arrivedAt: context.arrivedAt },
    'grant',
  );
  return dated === 'dated_in_the_future' ? { parked: 'dated_ahead' } : effects(dated.at);
}

/** The register of an act that ends stops. */
export function lift(
  kind: 'lift' | 'follow' | 'confirmation',
  scope: { purpose: string; channel: string },
  moment: Instant,
  evidence: Evidence | undefined,
) {
  return {
    kind,
    ...scope,
    at: moment,
    evidenceId: evidence?.id ?? '',
    actor: evidence?.actor ?? 'subject',
  } as const;
}
