import type { RunAnswer } from '@kyoka/contracts';
import type { Queryable } from '@kyoka/postgres';
import { findAudience, readRun } from '@kyoka/release';
import { readAudiences } from '../../summary/audiences.js';
import type { AudienceSummary } from '../../summary/summary.js';

/** How many runs of an audience are shown. */
const RUNS_SHOWN = 12;

/** An audience with its newest runs, newest first. */
export interface AudienceDetail {
  readonly audience: AudienceSummary & {
    readonly segment: unknown;
    readonly createdBy: string;
    readonly createdAt: string;
  };
  readonly runs: readonly RunAnswer[];
}

/** @param db under the role `kyoka_audiences` */
export async function readAudienceDetail(
  db: Queryable,
  id: string,
): Promise<AudienceDetail | undefined> {
  const audience = await findAudience(db, id);
  const summary = (await readAudiences(db, [id]))[0];
  if (audience === undefined || summary === undefined) return undefined;
  const rows = await db.query<{ id: string }>(
    'select id from audiences.run where audience_id = $1 order by started_at desc, id limit $2',
    [id, RUNS_SHOWN],
  );
  const runs: RunAnswer[] = [];
  for (const row of rows) {
    const run = await readRun(db, row.id);
    if (run !== undefined) runs.push(run as RunAnswer);
  }
  return {
    audience: {
      ...summary,
      segment: audience.segment,
      createdBy: audience.owner,
      createdAt: new Date(audience.createdAt).toISOString(),
    },
    runs,
  };
}

/** How many members an audience had at a moment. */
export interface MembersAt {
  readonly at: string;
  readonly value: number;
}

/**
 * Members over time, as its runs found and left them, and now: before a run, those who stayed and those
 * who had to leave; after it, those who stayed and those who were added.
 */
export function membersOverTime({ audience, runs }: AudienceDetail, now: string): MembersAt[] {
  const points = runs.toReversed().flatMap(({ startedAt, finishedAt, waterfall }) => [
    { at: startedAt, value: waterfall.unchanged + waterfall.toRemove },
    ...(finishedAt === undefined
      ? []
      : [
          {
            at: finishedAt,
            value: waterfall.unchanged + waterfall.accepted + waterfall.unknown,
          },
        ]),
  ]);
  return points.length === 0 ? [] : [...points, { at: now, value: audience.held }];
}
