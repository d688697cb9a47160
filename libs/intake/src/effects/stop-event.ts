import type { KnownEvent } from '@kyoka/contracts';
import type { Instant, Json } from '@kyoka/kernel';
import { effectiveAt } from '@kyoka/permission';
import type { EffectContext, Effects } from './effects.js';
import { at, type Evidence, ledgerOf } from './reading.js';
import { stopEffects, type StopIntent } from './stop-effects.js';

/** A stop of the contract: where nobody says who acted, the person did (a stop needs no proof). */
export function stop(
  event: KnownEvent,
  context: EffectContext,
  contactCount: number,
  scope: StopScope,
): Effects {
  const data = event.data as {
    subject?: { source: string; ref: string };
    occurredAt: string;
    evidence?: Evidence;
    policyVersion?: string;
  };
  const dated = effectiveAt(
    { occurredAt: at(data.occurredAt), arrivedAt: context.arrivedAt },
    'stop',
  ) as { at: Instant };
  const intent: StopIntent = {
    type: event.type as StopIntent['type'],
    subject: data.subject,
    ...scope,
    at: dated.at,
    evidenceId: data.evidence?.id ?? '',
    actor: data.evidence?.actor ?? 'subject',
    policyVersion: data.policyVersion,
  };
  return {
    subject: data.subject,
    contactsAt: dated.at,
    ...stopEffects(intent, contactCount),
    ledger: ledgerOf(event, STOP_ACT[intent.type], dated.at, {
      purposes: scope.purposes,
      channels: scope.channels,
      recipient: scope.recipient,
      policyVersion: data.policyVersion,
      evidence: data.evidence as Json | undefined,
    }),
  };
}

export const STOP_ACT: Readonly<Record<StopIntent['type'], string>> = {
  'jp.kyoka.consent.withdrawn.v1': 'withdrawn',
  'jp.kyoka.suspension.requested.v1': 'suspended',
  'jp.kyoka.erasure.requested.v1': 'erasure_requested',
  'jp.kyoka.adsswitch.changed.v1': 'ads_switched_off',
  'jp.kyoka.membership.cancelled.v1': 'membership_cancelled',
  'jp.kyoka.delivery.bounced.v1': 'bounced',
  'jp.kyoka.delivery.complained.v1': 'complained',
  'jp.kyoka.line.unfollowed.v1': 'unfollowed',
  'jp.kyoka.delivery.returned.v1': 'returned',
};

interface StopScope {
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
  readonly recipient?: string | undefined;
}
