import { subjectKey } from '@kyoka/permission-store';
import type { Instant } from '@kyoka/kernel';
import type { Effects } from './effects/effects.js';
import type { Applied } from './merge.js';

/**
 * What is left of events that come in, late or again, after their subject was erased, and tell of a time
 * before it asked for that: their record and whatever they stop. What they would have brought in was part
 * of what is gone. What the person does after their wish is a new start.
 *
 * @param erased when each subject whose rows are gone asked for it last, by subject id
 */
export function withoutGone(
  applied: readonly Applied[],
  subjectIds: ReadonlyMap<string, string>,
  erased: ReadonlyMap<string, Instant>,
): readonly Applied[] {
  if (erased.size === 0) return applied;
  return applied.map((one) => {
    const { subject, contactsAt } = one.effects;
    const id = subject && subjectIds.get(subjectKey(subject));
    const askedAt = id === undefined ? undefined : erased.get(id);
    return askedAt === undefined || contactsAt > askedAt
      ? one
      : { ...one, gone: true, effects: whatStays(one.effects) };
  });
}

/** A withdrawal goes on as an objection, as it does when the rows of its subject go. */
function whatStays(effects: Effects): Effects {
  const { subject, contactsAt, about, consents, stops, lifts, stopActs, ledger } = effects;
  const withdrawn = (consents ?? []).filter(({ act }) => act === 'withdrawn');
  return {
    subject,
    contactsAt,
    about: {
      ...(about?.cancelledAt !== undefined && { cancelledAt: about.cancelledAt }),
      ...(about?.adsOffAt !== undefined && { adsOffAt: about.adsOffAt }),
    },
    stops: [
      ...(stops ?? []),
      ...withdrawn.map(({ purpose, channel, at, evidenceId, actor }) => ({
        target: 'subject' as const,
        register: { kind: 'objection' as const, purpose, channel, at, evidenceId, actor },
      })),
    ],
    ...(lifts && { lifts }),
    ...(stopActs && { stopActs }),
    ...(ledger && { ledger }),
  };
}
