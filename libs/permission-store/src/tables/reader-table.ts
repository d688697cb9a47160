import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { SubjectName } from './subject-table.js';

/** Who reads an output topic, and of which sources they may see the references. */
export interface Reader {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly sources: readonly string[];
  /** The last instant at which an event tells references for it. */
  readonly validUntil: Instant;
  readonly registeredAt: Instant;
  readonly registeredBy: string;
  readonly endedAt?: Instant;
  readonly endedBy?: string;
}

interface Stored {
  id: string;
  name: string;
  topic: string;
  sources: string[];
  valid_until: Date;
  registered_at: Date;
  registered_by: string;
  ended_at: Date | null;
  ended_by: string | null;
}

const COLUMNS =
  'id, name, topic, sources, valid_until, registered_at, registered_by, ended_at, ended_by';

const readerOf = (row: Stored): Reader => ({
  id: row.id,
  name: row.name,
  topic: row.topic,
  sources: row.sources,
  validUntil: row.valid_until.getTime(),
  registeredAt: row.registered_at.getTime(),
  registeredBy: row.registered_by,
  ...(row.ended_at && { endedAt: row.ended_at.getTime() }),
  ...(row.ended_by !== null && { endedBy: row.ended_by }),
});

export async function insertReader(tx: Queryable, reader: Reader): Promise<void> {
  await tx.query(
    `insert into permissions.reader (id, name, topic, sources, valid_until, registered_at, registered_by)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      reader.id,
      reader.name,
      reader.topic,
      reader.sources,
      formatInstant(reader.validUntil),
      formatInstant(reader.registeredAt),
      reader.registeredBy,
    ],
  );
}

/** Every reader, those that have ended too, in the order of registration. */
export async function listReaders(db: Queryable): Promise<Reader[]> {
  const rows = await db.query<Stored>(
    `select ${COLUMNS} from permissions.reader order by registered_at, id`,
  );
  return rows.map(readerOf);
}

/** Ends a reader; one that has ended stays as it is. @returns `undefined` if there is none */
export async function endReader(
  tx: Queryable,
  id: string,
  { at, by }: { readonly at: Instant; readonly by: string },
): Promise<{ readonly reader: Reader; readonly changed: boolean } | undefined> {
  const changed = await tx.query(
    'update permissions.reader set ended_at = $2, ended_by = $3 where id = $1 and ended_at is null returning id',
    [id, formatInstant(at), by],
  );
  const [row] = await tx.query<Stored>(`select ${COLUMNS} from permissions.reader where id = $1`, [
    id,
  ]);
  return row && { reader: readerOf(row), changed: changed.length > 0 };
}

/** The sources whose references the events of a topic tell at a moment: those that some reader of it has. */
export async function sourcesOfReaders(
  db: Queryable,
  topic: string,
  at: Instant,
): Promise<readonly string[]> {
  const rows = await db.query<{ source: string }>(
    `select distinct unnest(sources) as source from permissions.v_reader
     where topic = $1 and valid_until >= $2 and (ended_at is null or ended_at > $2)`,
    [topic, formatInstant(at)],
  );
  return rows.map((row) => row.source);
}

/** The references of subjects that the events of a topic tell at a moment, by subject id. */
export async function refsForReaders(
  db: Queryable,
  topic: string,
  subjectIds: readonly string[],
  at: Instant,
): Promise<ReadonlyMap<string, readonly SubjectName[]>> {
  const sources = subjectIds.length === 0 ? [] : await sourcesOfReaders(db, topic, at);
  if (sources.length === 0) return new Map();
  const rows = await db.query<{ id: string; source: string; ref: string }>(
    `select subject_id as id, source, ref from permissions.v_subject
     where subject_id = any ($1::uuid[]) and source = any ($2)`,
    [subjectIds, sources],
  );
  return new Map(rows.map(({ id, source, ref }) => [id, [{ source, ref }]]));
}
