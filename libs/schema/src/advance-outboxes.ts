import type { QueryRunner } from 'typeorm';

const OUTBOXES = ['permissions.outbox', 'audiences.outbox'];

/** Microseconds of writers who may count on meanwhile: a smaller step isn't made. */
const MARGIN = 1_000_000;

/**
 * Moves the numbers of outbox rows up to the clock (microseconds since 1970), from where they count
 * on. Readers of a topic drop what has a lower number than they have seen, so a database that was
 * restored from an older backup must not give a number again.
 */
export async function advanceOutboxes(runner: QueryRunner): Promise<void> {
  for (const table of OUTBOXES) {
    const [found] = (await runner.query('select to_regclass($1) is not null as there', [
      table,
    ])) as [{ there: boolean }];
    if (!found.there) continue;
    const sequence = `pg_get_serial_sequence('${table}', 'id')::regclass`;
    await runner.query(
      `select setval(${sequence}, now_us) from (select (extract(epoch from clock_timestamp()) * 1e6)::bigint as now_us) as c
       where now_us > coalesce(pg_sequence_last_value(${sequence}), 0) + $1`,
      [MARGIN],
    );
  }
}
