import type { StopType } from '@kyoka/contracts';
import { ANY, type Actor, type Instant } from '@kyoka/kernel';
import type { RegisteredStop } from '@kyoka/permission';
import type { StopActKind, SubjectName } from '@kyoka/permission-store';
import type { Effects, Target } from './effects.js';

/** One stop, read strictly or at its widest readable scope. */
export interface StopIntent {
  readonly type: StopType;
  readonly subject?: SubjectName | undefined;
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
  readonly recipient?: string | undefined;
  readonly at: Instant;
  readonly evidenceId: string;
  readonly actor: Actor;
  readonly policyVersion?: string | undefined;
}

/** How each type of stop is kept: as a stop register, or as a moment on the subject's row. */
const KEPT_AS: Readonly<Record<StopType, RegisteredStop | 'withdrawal' | 'ads_off' | 'cancelled'>> =
  {
    'jp.kyoka.consent.withdrawn.v1': 'withdrawal',
    'jp.kyoka.suspension.requested.v1': 'suspension',
    'jp.kyoka.erasure.requested.v1': 'erasure',
    'jp.kyoka.adsswitch.changed.v1': 'ads_off',
    'jp.kyoka.membership.cancelled.v1': 'cancelled',
    'jp.kyoka.delivery.bounced.v1': 'hard_bounce',
    'jp.kyoka.delivery.complained.v1': 'complaint',
    'jp.kyoka.line.unfollowed.v1': 'unfollowed',
    'jp.kyoka.delivery.returned.v1': 'returned_post',
  };

/** These are properties of the contact point; with contacts named, they count from there even if a subject is, too. */
const OF_CONTACT_POINT: ReadonlySet<string> = new Set([
  'hard_bounce',
  'unfollowed',
  'returned_post',
]);

/** Kept on the subject's row or among its consents; of somebody unknown they are kept as an objection. */
const OF_SUBJECT_ONLY: ReadonlySet<string> = new Set(['withdrawal', 'ads_off', 'cancelled']);

/** The registers and the act that a stop leaves. */
export function stopEffects(
  intent: StopIntent,
  contactCount: number,
): Pick<Effects, 'about' | 'consents' | 'stops' | 'stopActs'> {
  const kept = KEPT_AS[intent.type];
  const target: Target =
    intent.subject === undefined || (OF_CONTACT_POINT.has(kept) && contactCount > 0)
      ? 'contacts'
      : 'subject';
  const kind = target === 'contacts' && OF_SUBJECT_ONLY.has(kept) ? 'objection' : kept;
  return {
    ...keep(kind, intent, target),
    stopActs: [
      {
        kind: kind as StopActKind,
        target,
        purposes: intent.purposes,
        channels: intent.channels,
        recipients: intent.recipient === undefined ? [ANY] : [intent.recipient],
        actAt: intent.at,
      },
    ],
  };
}

function keep(
  kind: (typeof KEPT_AS)[StopType],
  intent: StopIntent,
  target: Target,
): Pick<Effects, 'about' | 'consents' | 'stops'> {
  const { at, evidenceId, actor } = intent;
  const cells = intent.purposes.flatMap((purpose) =>
    intent.channels.map((channel) => ({ purpose, channel })),
  );
  switch (kind) {
    case 'withdrawal':
      return {
        consents: cells.map((cell) => ({
          ...cell,
          recipient: intent.recipient ?? '',
          act: 'withdrawn' as const,
          class: 'evidenced' as const,
          at,
          evidenceId,
          actor,
          policyVersion: intent.policyVersion,
        })),
      };
    case 'ads_off':
      return { about: { adsOffAt: at } };
    case 'cancelled':
      return { about: { cancelledAt: at } };
    default:
      return {
        stops: cells.map((cell) => ({
          target,
          register: { kind, ...cell, at, evidenceId, actor },
        })),
      };
  }
}
