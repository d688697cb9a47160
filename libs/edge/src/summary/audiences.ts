import type { RunAnswer } from '@kyoka/contracts';
import type { Queryable } from '@kyoka/postgres';
import { listAudiences, readRun } from '@kyoka/release';
import { type Figure, readFigure } from './figures.js';
import type { AudienceSummary } from './summary.js';

/**
 * Audiences with their newest run.
 *
 * @param db under the role `kyoka_audiences`
 * @param only ids of those that are meant; every one without
 */
export async function readAudiences(
  db: Queryable,
  only: readonly string[] | null = null,
): Promise<AudienceSummary[]> {
  const newest = await db.query<{ audience_id: string; id: string }>(
    `select distinct on (audience_id) audience_id, id from audiences.run
      where $1::uuid[] is null or audience_id = any ($1) order by audience_id, started_at desc, id`,
    [only],
  );
  const runs = new Map(newest.map((row) => [row.audience_id, row.id]));
  const held = new Map(Object.entries(await readFigure(db, HELD)));
  const audiences = await listAudiences(db);
  const meant = audiences.filter(({ id }) => only === null || only.includes(id));
  return Promise.all(
    meant.map(async (audience) => {
      const runId = runs.get(audience.id);
      const run = runId === undefined ? undefined : await readRun(db, runId);
      return {
        id: audience.id,
        name: audience.name,
        recipient: audience.recipientId,
        purpose: audience.purpose,
        policy: audience.policy,
        use: { ...audience.period, users: audience.users },
        ended: audience.endedAt !== undefined,
        ...(run && { run: run as RunAnswer }),
        held: held.get(audience.id)?.held ?? 0,
        ...someoneOf(held.get(audience.id)),
      };
    }),
  );
}

interface Held {
  readonly held: number;
  readonly someone: string | null;
}

const someoneOf = (held: Held | undefined): { someone?: string } =>
  typeof held?.someone === 'string' ? { someone: held.someone } : {};

/** Persons whom each audience's recipient holds; an add whose outcome isn't known counts as held. */
export const HELD: Figure<Readonly<Record<string, Held>>> = {
  context: 'audiences',
  name: 'held',
  count: async (db) => {
    const rows = await db.query<Held & { readonly audience_id: string }>(
      `select audience_id, count(distinct subject_id)::integer as held,
          min(subject_id::text) filter (where state = 'held') as someone from audiences.member
        where state in ('sending', 'processing', 'held', 'leaving') group by audience_id`,
    );
    return Object.fromEntries(
      rows.map(({ audience_id: audience, ...held }) => [audience, held] as const),
    );
  },
};
