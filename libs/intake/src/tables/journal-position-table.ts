import type { Queryable } from '@kyoka/postgres';

/** Notes how far this database knows a writer's journal, so that an older copy of it is noticed. */
export async function recordJournalPosition(
  tx: Queryable,
  writer: string,
  position: number,
): Promise<void> {
  await tx.query(
    `insert into intake.journal_position as p (writer, position) values ($1, $2)
     on conflict (writer) do update set position = greatest(p.position, excluded.position)`,
    [writer, position],
  );
}

/**
 * The highest position of each writer's journal that this database knows.
 *
 * @param tx under the role of any context
 */
export async function journalPositions(tx: Queryable): Promise<Map<string, number>> {
  const rows = await tx.query<{ writer: string; position: string }>(
    'select writer, position from intake.v_journal_position',
  );
  return new Map(rows.map((row) => [row.writer, Number(row.position)]));
}
