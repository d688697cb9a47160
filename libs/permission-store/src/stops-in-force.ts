import { type DecisionQuestion, termsOf } from '@kyoka/decision';
import { ANY, type Instant } from '@kyoka/kernel';
import { type Cell, stopEndedAt } from '@kyoka/permission';
import type { PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { cellsOf } from './cells.js';
import { loadPersons, type Person } from './load-registers.js';
import { adsSwitchOf, statusOf } from './permission-state.js';
import type { StopActKind } from './tables/stop-act-table.js';

interface Act {
  readonly id: string;
  readonly kind: StopActKind;
  readonly subject_id: string | null;
  readonly folds: readonly Buffer[];
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
  readonly recipients: readonly string[];
  readonly act_at: Date;
}

/**
 * Of whom stop acts reach, those whom they stop for a question now: its purpose, channel and
 * recipient lie in the act's scope, and nothing has ended the act there.
 *
 * @param reach subject ids by stop act id
 * @returns the same, with whom an act doesn't stop left out
 */
export async function stopsInForce(
  tx: Queryable,
  set: PolicySet,
  question: DecisionQuestion,
  reach: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, string[]>> {
  const cells = cellsOf(termsOf(set, question));
  const acts = await tx.query<Act>(
    `select id, kind, subject_id, folds, purposes, channels, recipients, act_at
     from permissions.v_stop_act where id = any ($1::uuid[])`,
    [[...reach.keys()]],
  );
  const covered = acts.flatMap((act) => {
    const within = cells.filter((cell) => covers(act, cell));
    return within.length === 0 ? [] : [{ act, within }];
  });
  const reached = covered.flatMap(({ act }) => reach.get(act.id) ?? []);
  const persons = await loadPersons(tx, [...new Set(reached)], {
    purposes: cells.map((cell) => cell.purpose),
    channels: [question.request.channel ?? ''],
  });
  return new Map(
    covered.map(({ act, within }) => [
      act.id,
      (reach.get(act.id) ?? []).filter((id) => {
        const person = persons.get(id);
        return person !== undefined && stops(act, within, person);
      }),
    ]),
  );
}

const names = (scope: readonly string[], ...named: string[]): boolean =>
  scope.includes(ANY) || named.some((one) => scope.includes(one));

const covers = ({ purposes, channels, recipients }: Act, cell: Cell): boolean =>
  names(purposes, cell.purpose) &&
  names(channels, cell.channel) &&
  names(recipients, ...cell.recipients);

function stops(act: Act, cells: readonly Cell[], { subject, origins }: Person): boolean {
  const { kind } = act;
  // What is kept on the subject's own row stops nobody else.
  if (kind === 'ads_off') return act.subject_id === subject.id && adsSwitchOf(subject) === 'off';
  if (kind === 'cancelled')
    return act.subject_id === subject.id && statusOf(subject) === 'cancelled';
  const at: Instant = act.act_at.getTime();
  const placed = new Set([act.subject_id, ...act.folds.map((fold) => fold.toString('hex'))]);
  return origins
    .filter((origin) => placed.has(origin.id))
    .some((origin) =>
      cells.some((cell) => stopEndedAt({ kind, at }, origin, origins, cell) === null),
    );
}
