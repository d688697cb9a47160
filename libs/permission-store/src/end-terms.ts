import type { DueTask } from '@kyoka/clock';
import { termBounds } from '@kyoka/decision';
import { type Clock, type Instant, tokyoDay, tokyoDayBounds } from '@kyoka/kernel';
import type { PolicySet } from '@kyoka/policy';
import { inTransaction, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { appendPermissionStates } from './permission-state.js';
import { takeLedger } from './tables/ledger-table.js';
import { datedAt, datedBetween, loadTerms, setTerm, type TermName } from './tables/term-table.js';

export interface TermPorts {
  /** Under the role `kyoka_permissions`. */
  readonly pool: Pool;
  /** The policies that are switched on, with every source contract and legal pack. */
  readonly policies: () => PolicySet;
  readonly clock: Clock;
  /** Persons told of in one transaction. */
  readonly chunk?: number;
}

/**
 * Tells on the topic of permissions whose consent has expired or whose source's term is over, at the
 * midnight at which it does, with no event. What is over is one moment for each purpose and source:
 * whatever is older. As it moves, those between the old and the new one are told of, found by an
 * index, so the cost follows who is due; a text that sets another term moves it as well, either way.
 */
export function endedTerms({ pool, policies, clock, chunk = 500 }: TermPorts): DueTask {
  return {
    name: 'permissions.terms',
    async run(at) {
      const set = policies();
      // Where no policy is in force nothing is said about terms, so what stands as over stays.
      if (set.policies.size === 0) return 0;
      const stored = byName(await loadTerms(queryable(pool)));
      const wanted = byName(termBounds(set, at));
      let told = 0;
      for (const key of new Set([...stored.keys(), ...wanted.keys()])) {
        const term = termOf(key);
        const bound = wanted.get(key);
        if (stored.get(key) !== bound) {
          told += await inTransaction(pool, (tx) => moveOn(tx, term, bound, { at, chunk }));
        }
      }
      return told;
    },
    async next() {
      const today = tokyoDayBounds(tokyoDay(clock()));
      return today && today.last + 1;
    },
  };
}

/** Moves a term by one batch of persons. @returns how many were told of */
async function moveOn(
  tx: Queryable,
  term: TermName,
  wanted: Instant | undefined,
  { at, chunk }: { readonly at: Instant; readonly chunk: number },
): Promise<number> {
  await takeLedger(tx);
  const stands = byName(await loadTerms(tx)).get(keyOf(term));
  const later = (wanted ?? -Infinity) > (stands ?? -Infinity);
  const [from, to] = later ? [stands, wanted] : [wanted, stands];
  if (to === undefined) return 0;
  const first = later ? 'oldest' : 'newest';
  const dated = await datedBetween(tx, term, { from, to }, { first, limit: chunk });
  const last = dated.length < chunk ? undefined : dated.at(-1)?.at;
  const more = last === undefined ? [] : await datedAt(tx, term, last);
  await setTerm(tx, term, last === undefined ? wanted : later ? last + 1 : last);
  const subjects = [...new Set([...dated.map(({ subjectId }) => subjectId), ...more])].sort();
  await appendPermissionStates(tx, subjects, at);
  return subjects.length;
}

const keyOf = ({ kind, name }: TermName): string => `${kind} ${name}`;

const termOf = (key: string): TermName => {
  const [kind, name] = key.split(' ') as [TermName['kind'], string];
  return { kind, name };
};

function byName({ consents, sources }: ReturnType<typeof termBounds>): Map<string, Instant> {
  return new Map([
    ...[...consents].map(([name, at]): [string, Instant] => [keyOf({ kind: 'consent', name }), at]),
    ...[...sources].map(([name, at]): [string, Instant] => [keyOf({ kind: 'source', name }), at]),
  ]);
}
