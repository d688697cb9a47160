import type { StopJournalEntry } from '@kyoka/evidence';
import { formatInstant } from '@kyoka/kernel';
import type { StopAct } from '@kyoka/permission-store';
import type { Applied } from './merge.js';
import { stopActId, tokensOf } from './merge.js';

/**
 * What the stop journal keeps of a batch: enough to apply its stops to an older copy of the
 * database, as tokens. The subject stands by source and reference, since its id may not exist there,
 * and with every contact point it has, since the copy may not know that it shares them.
 *
 * @param foldsOf the folded contact points of the subjects that were stopped, by subject id
 */
export function journalEntries(
  applied: readonly Applied[],
  acts: readonly StopAct[],
  foldsOf: ReadonlyMap<string, readonly Buffer[]>,
): StopJournalEntry[] {
  const byId = new Map(acts.map((act) => [act.id, act]));
  return applied.flatMap(({ effects, contacts, identity }) =>
    (effects.stopActs ?? []).flatMap((_draft, index) => {
      const act = byId.get(stopActId(identity, index));
      if (act === undefined) return [];
      return [
        {
          stopAct: act.id,
          kind: act.kind,
          subject:
            act.subjectId === null || effects.subject === undefined ? null : { ...effects.subject },
          folds: foldsIn(act, contacts, foldsOf),
          ...(act.kind === 'erasure' && {
            tokens: tokensOf(act, contacts).map((token) => token.toString('base64url')),
          }),
          purposes: [...act.purposes],
          channels: [...act.channels],
          recipients: [...act.recipients],
          at: formatInstant(act.actAt),
          arrivedAt: formatInstant(act.arrivedAt),
        },
      ];
    }),
  );
}

function foldsIn(
  act: StopAct,
  contacts: Applied['contacts'],
  foldsOf: ReadonlyMap<string, readonly Buffer[]>,
): string[] {
  const folds =
    act.subjectId === null
      ? contacts.map(({ fold }) => fold)
      : [...act.folds, ...(foldsOf.get(act.subjectId) ?? [])];
  return folds.map((fold) => fold.toString('base64url'));
}
