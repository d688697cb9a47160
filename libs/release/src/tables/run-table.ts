import type { CompiledSegment } from '@kyoka/audience';
import { type Instant, MINUTE } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { RunRow } from '@kyoka/schema';
import { stamp } from '../words.js';
import { NO_OPEN_REMOVAL } from './audience-adds-table.js';

/** A run that has people left to decide. */
export interface Run {
  readonly id: string;
  readonly audienceId: string;
  readonly actor: string;
  readonly segmentAt: Instant;
  /** Whether whom the segment means is kept. */
  readonly chosen: boolean;
  /** Last subject that was decided; `null` before the first. */
  readonly cursor: string | null;
}

type Row = Pick<RunRow, 'id' | 'audience_id' | 'actor' | 'segment_at' | 'chosen' | 'cursor'>;

const runFrom = (row: Row): Run => ({
  id: row.id,
  audienceId: row.audience_id,
  actor: row.actor,
  segmentAt: row.segment_at.getTime(),
  chosen: row.chosen,
  cursor: row.cursor,
});

/** Records a run; `false` if this idempotency key, or an active run of the audience, is there already. */
export async function insertRun(
  tx: Queryable,
  run: {
    id: string;
    audienceId: string;
    idempotencyKey: string;
    actor: string;
    at: Instant;
    /** Started by the clock. */
    scheduled?: boolean;
  },
): Promise<boolean> {
  const rows = await tx.query(
    `insert into audiences.run (id, audience_id, idempotency_key, actor, state, segment_at, started_at, scheduled)
     values ($1, $2, $3, $4, 'building', $5, $5, $6) on conflict do nothing returning id`,
    [run.id, run.audienceId, run.idempotencyKey, run.actor, stamp(run.at), run.scheduled ?? false],
  );
  return rows.length > 0;
}

export async function findRunByKey(
  db: Queryable,
  audienceId: string,
  idempotencyKey: string,
): Promise<{ id: string; actor: string } | undefined> {
  const [row] = await db.query<{ id: string; actor: string }>(
    'select id, actor from audiences.run where audience_id = $1 and idempotency_key = $2',
    [audienceId, idempotencyKey],
  );
  return row;
}

/** A segment may mean millions of people, whom no request waits for. */
const CHOOSING_MOST_MS = 30 * MINUTE;

/** Keeps whom the segment means now, so that the run goes on with the same people after a crash. */
export async function chooseSubjects(
  tx: Queryable,
  runId: string,
  segment: CompiledSegment,
): Promise<void> {
  await tx.query(`set local statement_timeout = ${CHOOSING_MOST_MS}`);
  const id = `$${segment.parameters.length + 1}`;
  const [row] = await tx.query<{ count: number }>(
    `with chosen as (
       insert into audiences.run_subject (run_id, subject_id)
       select ${id}::uuid, s.subject_id from (${segment.sql}) s returning 1)
     select count(*)::integer as count from chosen`,
    [...segment.parameters, runId],
  );
  await tx.query('update audiences.run set segment = $2, chosen = true where id = $1', [
    runId,
    row?.count ?? 0,
  ]);
}

/** Takes a run that has people left to decide. */
export async function claimBuilding(tx: Queryable): Promise<Run | undefined> {
  // NO KEY: the gate adds rows that refer to the run while this transaction waits for members.
  const [row] = await tx.query<Row>(
    `select id, audience_id, actor, segment_at, chosen, cursor from audiences.run where state = 'building'
     order by started_at limit 1 for no key update skip locked`,
  );
  return row && runFrom(row);
}

/** The next people of a run, in the order of their ids. */
export async function nextRunSubjects(tx: Queryable, run: Run, limit: number): Promise<string[]> {
  const rows = await tx.query<{ subject_id: string }>(
    `select subject_id from audiences.run_subject where run_id = $1 and ($2::uuid is null or subject_id > $2)
     order by subject_id limit $3`,
    [run.id, run.cursor, limit],
  );
  return rows.map((row) => row.subject_id);
}

/** What one chunk of people came to, in people. */
export interface ChunkCounts {
  readonly allowed: number;
  readonly refused: number;
  /** By the first reason of each refused person, and by every reason. */
  readonly first: Readonly<Record<string, number>>;
  readonly any: Readonly<Record<string, number>>;
  readonly toAdd: number;
  readonly toRemove: number;
}

const summed = (column: string, parameter: string) =>
  `${column} = (select coalesce(jsonb_object_agg(reason, persons), '{}') from (
     select reason, sum(persons::integer) as persons from (
       select * from jsonb_each_text(${column}) union all select * from jsonb_each_text(${parameter}::jsonb)
     ) as both_sides (reason, persons) group by reason) as summed)`;

/** Adds a chunk to the counts of a run, and moves on to after its last person. */
export async function addToRun(
  tx: Queryable,
  runId: string,
  counts: ChunkCounts,
  cursor: string | null,
): Promise<void> {
  await tx.query(
    `update audiences.run set allowed = allowed + $2, refused = refused + $3, to_add = to_add + $4, to_remove = to_remove + $5,
       cursor = coalesce($6, cursor), ${summed('refused_first', '$7')}, ${summed('refused_any', '$8')}
     where id = $1`,
    [
      runId,
      counts.allowed,
      counts.refused,
      counts.toAdd,
      counts.toRemove,
      cursor,
      JSON.stringify(counts.first),
      JSON.stringify(counts.any),
    ],
  );
}

/** Whom the segment meant isn't kept longer than needed: not after they are decided. */
export async function forgetDecided(tx: Queryable, runId: string, to: string): Promise<void> {
  await tx.query('delete from audiences.run_subject where run_id = $1 and subject_id <= $2', [
    runId,
    to,
  ]);
}

/** Everybody is decided, or nobody has to be any more. */
export async function endBuilding(tx: Queryable, runId: string): Promise<void> {
  await tx.query(`set local statement_timeout = ${CHOOSING_MOST_MS}`);
  await tx.query(`update audiences.run set state = 'sending' where id = $1`, [runId]);
  await tx.query('delete from audiences.run_subject where run_id = $1', [runId]);
}

/** Moves built runs on whose members are all sent, and ends those whose requests have all come to an end. */
export async function settleRuns(db: Queryable, now: Instant): Promise<void> {
  await db.query(
    `update audiences.run r set state = 'stopped', finished_at = $1 where r.state = 'sending'
       and exists (select from audiences.audience a where a.id = r.audience_id and a.ended_at is not null)`,
    [stamp(now)],
  );
  await db.query(
    `update audiences.run r set state = 'settling' where r.state = 'sending'
       and not exists (select from audiences.member m where m.audience_id = r.audience_id and m.run_id = r.id
         and m.state = 'sending')
       and not exists (select from audiences.member m where m.audience_id = r.audience_id and m.run_id = r.id
         and m.state = 'wanted' and ${NO_OPEN_REMOVAL})`,
  );
  await db.query(
    `update audiences.run r set state = 'finished', finished_at = $1 where r.state = 'settling'
       and not exists (select from audiences.attempt_item i join audiences.attempt a on a.id = i.attempt_id
         where i.run_id = r.id and (a.state = 'sending' or a.job_state = 'running'))`,
    [stamp(now)],
  );
}

/** Counts the persons of a run that the gate refused. */
export async function insertGateRefusals(
  tx: Queryable,
  runId: string,
  persons: number,
  byReason: Readonly<Record<string, number>>,
): Promise<void> {
  await tx.query(
    'insert into audiences.gate_refusal (run_id, persons, by_reason) values ($1, $2, $3)',
    [runId, persons, JSON.stringify(byReason)],
  );
}
