import { setTimeout as sleep } from 'node:timers/promises';
import type { HealthAnswer } from '@kyoka/contracts';
import type { Queryable } from '@kyoka/postgres';

/** What must be so for the process to do its work, by name. A check that throws or is late fails. */
export type ReadinessChecks = Readonly<Record<string, () => boolean | Promise<boolean>>>;

const PATIENCE_MS = 2_000;

export async function runChecks(
  checks: ReadinessChecks,
  patienceMs: number = PATIENCE_MS,
): Promise<HealthAnswer> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const passed = await Promise.race([attempt(check), late(patienceMs)]);
      return [name, passed ? 'ok' : 'unavailable'] as const;
    }),
  );
  return {
    status: results.every(([, result]) => result === 'ok') ? 'ok' : 'unavailable',
    checks: Object.fromEntries(results),
  };
}

/** Whether the database answers. */
export const databaseAnswers = (database: Queryable) => async (): Promise<boolean> => {
  const rows = await database.query('select 1');
  return rows.length === 1;
};

/** Whether the relations that this version reads and writes are there. */
export const schemaIsThere =
  (database: Queryable, relations: readonly string[]) => async (): Promise<boolean> => {
    const [row] = await database.query<{ there: boolean }>(
      'select bool_and(to_regclass(name) is not null) as there from unnest($1::text[]) as name',
      [relations],
    );
    return row?.there === true;
  };

async function attempt(check: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await check();
  } catch {
    return false;
  }
}

async function late(ms: number): Promise<false> {
  await sleep(ms, undefined, { ref: false });
  return false;
}
