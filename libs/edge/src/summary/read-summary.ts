import { type Clock, formatInstant } from '@kyoka/kernel';
import type { AddressOf } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { readSwitch } from '@kyoka/release';
import { HELD, readAudiences } from './audiences.js';
import { ERASURES } from './erasures.js';
import { EVENTS, readEvents } from './events.js';
import { type Figure, readFigure } from './figures.js';
import { readPeople, RECORDS } from './people.js';
import { ACTS, readStopsSummary } from './stops.js';
import type { EvidenceSummary, Summary } from './summary.js';

export interface SummaryContext {
  /** A pool under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  /** A pool under the role `kyoka_audiences`. */
  readonly audiences: Pool;
  /** Every policy of the deployment, switched on or not. */
  readonly policies: PolicySet;
  readonly addressOf: AddressOf;
  readonly clock: Clock;
}

/**
 * Reads where things stand, changing nothing. It holds no contact value and no reference of a
 * source; subjects appear by their random ids only.
 *
 * @param known what the database doesn't keep: answers that were counted, the service's address
 */
export async function readSummary(
  context: SummaryContext,
  known: {
    readonly duplicate?: number;
    readonly skipped?: number;
    readonly refused?: number;
    readonly url?: string;
  } = {},
): Promise<Summary> {
  const permissions = queryable(context.permissions);
  const audiences = queryable(context.audiences);
  const { url, ...told } = known;
  const at = context.clock();
  return {
    at: formatInstant(at),
    events: await readEvents(permissions, told),
    people: await readPeople(permissions, context.policies, context.addressOf, at),
    audiences: await readAudiences(audiences),
    stops: await readStopsSummary(context),
    switches: await readSwitches(context.audiences),
    evidence: await readEvidence(permissions, audiences),
    ...(url !== undefined && { url }),
  };
}

/** Whatever was ever switched, and by whom. */
export async function readSwitches(pool: Pool): Promise<Summary['switches']> {
  const targets = await queryable(pool).query<{ target: 'policy' | 'recipient'; id: string }>(
    'select target, target_id as id from audiences.v_switch order by target, target_id',
  );
  return Promise.all(
    targets.map(async ({ target, id }) => ({
      ...(await readSwitch(pool, { target, id })),
      target,
    })),
  );
}

const rowsOf = (context: Figure<number>['context'], name: string): Figure<number> => ({
  context,
  name,
  count: async (db) => {
    const [row] = await db.query<{ count: number }>(
      `select count(*)::integer as count from ${context}.${name}`,
    );
    return row?.count ?? 0;
  },
});

const LEDGER = rowsOf('permissions', 'ledger');
const DECISIONS = rowsOf('permissions', 'decision');
const RELEASES = rowsOf('audiences', 'release');

/** Every total of a context. */
export const FIGURES: Readonly<Record<Figure<unknown>['context'], readonly Figure<unknown>[]>> = {
  permissions: [EVENTS, RECORDS, ACTS, ERASURES, LEDGER, DECISIONS],
  audiences: [HELD, RELEASES],
};

export const readEvidence = async (
  permissions: Queryable,
  audiences: Queryable,
): Promise<EvidenceSummary> => ({
  ledger: await readFigure(permissions, LEDGER),
  decisions: await readFigure(permissions, DECISIONS),
  releases: await readFigure(audiences, RELEASES),
});
