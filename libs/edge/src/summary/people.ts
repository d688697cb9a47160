import type { ReasonCode } from '@kyoka/decision';
import type { Instant } from '@kyoka/kernel';
import { type AddressOf, decidePersons } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { type MarketingUse, marketingUses, questionOf } from '../services/marketing-uses.js';
import { policiesInForce } from '../services/policies-in-force.js';
import { type Figure, readFigure } from './figures.js';
import type { PeopleSummary, UseSummary } from './summary.js';

export const RECORDS: Figure<PeopleSummary['records']> = {
  context: 'permissions',
  name: 'records',
  count: (db) =>
    db.query(
      `select source, count(*)::integer as records from permissions.v_subject
        group by source order by records desc, source`,
    ),
};

/** Most records that are decided. Ids are random, so the first of them are a fair sample. */
const SAMPLE = 5_000;
const CHUNK = 1_000;

/**
 * Whom each marketing use of the policies in force may reach today. The same decision answers as
 * everywhere, so these numbers are what a campaign or an audience would get.
 *
 * @param db under the role `kyoka_permissions`
 */
export async function readPeople(
  db: Queryable,
  policies: PolicySet,
  addressOf: AddressOf,
  at: Instant,
): Promise<PeopleSummary> {
  const records = await readFigure(db, RECORDS);
  const ids = await db.query<{ id: string }>(
    `select subject_id as id from permissions.v_subject order by subject_id limit ${SAMPLE}`,
  );
  const set = await policiesInForce(db, policies);
  const uses: UseSummary[] = [];
  for (const use of await marketingUses(db, set)) {
    const subjects = ids.map((row) => row.id);
    uses.push(await decideUse(db, set, { use, subjects }, { addressOf, at }));
  }
  return {
    records,
    total: records.reduce((sum, row) => sum + row.records, 0),
    decided: ids.length,
    uses,
  };
}

async function decideUse(
  db: Queryable,
  set: PolicySet,
  { use, subjects }: { readonly use: MarketingUse; readonly subjects: readonly string[] },
  today: { readonly addressOf: AddressOf; readonly at: Instant },
): Promise<UseSummary> {
  const question = await questionOf(db, use, today);
  const refusals = new Map<ReasonCode, number>();
  let allowed = 0;
  for (let start = 0; start < subjects.length; start += CHUNK) {
    const chunk = subjects.slice(start, start + CHUNK);
    for (const answer of await decidePersons(db, set, question, chunk)) {
      const code = answer.reasons[0]?.code;
      if (code === undefined) allowed += 1;
      else refusals.set(code, (refusals.get(code) ?? 0) + 1);
    }
  }
  return {
    ...use,
    allowed,
    refused: subjects.length - allowed,
    reasons: [...refusals]
      .map(([code, records]) => ({ code, records }))
      .sort((a, b) => b.records - a.records || (a.code < b.code ? -1 : 1)),
  };
}
