import { ANY, type Instant, KyokaError } from '@kyoka/kernel';
import {
  erasedSubjects,
  subjectKey,
  subjectsUnderErasure,
  tokensUnderErasure,
} from '@kyoka/permission-store';
import type { Queryable } from '@kyoka/postgres';
import type { Effects } from './effects/effects.js';
import { type Applied, usable } from './merge.js';

/** Erasures that bear on the events of a batch. */
export interface KnownErasures {
  /** When each subject whose rows are gone asked for it last, by subject id. */
  readonly subjects: ReadonlyMap<string, Instant>;
  /** When each subject was last meant by an erasure, carried out or not. */
  readonly meant: ReadonlyMap<string, Instant>;
  /** When the erasure of a contact point alone was last asked for, by its exact token in hex. */
  readonly tokens: ReadonlyMap<string, Instant>;
}

/** Reads them for a batch whose subjects are locked. */
export async function knownErasures(
  tx: Queryable,
  applied: readonly Applied[],
  subjectIds: ReadonlyMap<string, string>,
): Promise<KnownErasures> {
  const ids = [...subjectIds.values()];
  const tokens = await tokensUnderErasure(tx, tokensIn(applied));
  return {
    tokens,
    subjects: await erasedSubjects(tx, ids),
    meant: tokens.size === 0 ? new Map() : await subjectsUnderErasure(tx, ids),
  };
}

/**
 * Whether an erasure of a contact point came in since its batch looked. Under the ledger's lock, which
 * the batch of the erasure takes as well: it is seen here, or it sees what this batch has written.
 *
 * @throws ErasedMeanwhile
 */
export async function requireStillKnown(
  tx: Queryable,
  applied: readonly Applied[],
  { tokens: known }: KnownErasures,
): Promise<void> {
  for (const [token, at] of await tokensUnderErasure(tx, tokensIn(applied))) {
    if ((known.get(token) ?? -Infinity) < at) throw new ErasedMeanwhile();
  }
}

/** Nothing of the batch was taken; taken again, it knows of the erasure. */
export class ErasedMeanwhile extends KyokaError {
  constructor() {
    super('database_unavailable', 'an erasure came in meanwhile');
  }
}

const tokensIn = (applied: readonly Applied[]): Buffer[] =>
  applied.flatMap((one) =>
    one.effects.subject === undefined ? [] : usable(one.contacts).map(({ token }) => token),
  );

/**
 * What is left of events that come in, late or again, after their subject was erased, and tell of a time
 * before it asked for that: their record and whatever they stop. What they would have brought in was part
 * of what is gone. What the person does after their wish is a new start.
 *
 * So it is with an event that names a contact point which was erased by itself: had it come in time, the
 * wish would have meant its subject too. Where it didn't, the event extends the wish to it.
 */
export function withoutGone(
  applied: readonly Applied[],
  subjectIds: ReadonlyMap<string, string>,
  { subjects, meant, tokens }: KnownErasures,
): readonly Applied[] {
  if (subjects.size === 0 && tokens.size === 0) return applied;
  const extended = new Map(meant);
  return applied.map((one) => {
    const { subject, contactsAt } = one.effects;
    const id = subject && subjectIds.get(subjectKey(subject));
    if (id === undefined) return one;
    const gone = { ...one, gone: true, effects: whatStays(one.effects) };
    if (contactsAt <= (subjects.get(id) ?? -Infinity)) return gone;
    const askedAt = Math.max(
      ...usable(one.contacts).map(({ token }) => tokens.get(token.toString('hex')) ?? -Infinity),
    );
    if (contactsAt > askedAt) return one;
    if ((extended.get(id) ?? -Infinity) >= askedAt) return gone;
    extended.set(id, askedAt);
    return { ...gone, effects: alsoErased(gone.effects, askedAt), erasureAskedAt: askedAt };
  });
}

function alsoErased(effects: Effects, at: Instant): Effects {
  const register = { kind: 'erasure', purpose: ANY, channel: ANY, at, evidenceId: '' } as const;
  return {
    ...effects,
    stops: [
      ...(effects.stops ?? []),
      { target: 'subject', register: { ...register, actor: 'subject' } },
    ],
    stopActs: [
      ...(effects.stopActs ?? []),
      {
        kind: 'erasure',
        target: 'subject',
        purposes: [ANY],
        channels: [ANY],
        recipients: [ANY],
        actAt: at,
      },
    ],
  };
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
    ledger,
  };
}
