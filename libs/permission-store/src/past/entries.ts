import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { RecordedBody } from './changes.js';

/** A ledger entry as far as a person's past is folded from it. */
export interface RecordedEntry {
  readonly subjectId: string | null;
  /** Place in the chain: blocks are numbered in the order in which they committed. */
  readonly block: number;
  /** Empty for an entry that changed nothing that a decision reads. */
  readonly body: Partial<RecordedBody> & { readonly shredded?: string };
  /** It tells what is kept of somebody whose records have ended. */
  readonly kept: boolean;
  /** Known only later: it ended what was held of its subject, so that nothing from before may be read. */
  readonly erasedLater: boolean;
}

interface Row {
  readonly subject_id: string | null;
  readonly block: string;
  readonly body: RecordedEntry['body'];
  readonly kept: boolean;
  readonly later: boolean;
}

const CARRIED_OUT = `l.act = 'erasure_carried_out'`;

/** What is known where records have ended; it stands for all that counted from there before. */
const RECORDS_ENDED = `l.act = 'records_ended'`;

const COLUMNS = `l.subject_id, l.block, l.body, b.at > $2 as later, ${RECORDS_ENDED} as kept
  from permissions.ledger l join permissions.block b on b.chain = l.chain and b.number = l.block`;

const entryFrom = ({ subject_id: subjectId, block, body, kept, later }: Row): RecordedEntry => ({
  subjectId,
  block: Number(block),
  body,
  kept,
  erasedLater: later,
});

/**
 * What the ledger knew of subjects at a moment, in the order in which it came to know. Of somebody
 * erased by now nothing from before the erasure is read, whatever the moment: what remained of them
 * stands in its place.
 */
export async function entriesOf(
  tx: Queryable,
  subjectIds: readonly string[],
  at: Instant,
): Promise<RecordedEntry[]> {
  if (subjectIds.length === 0) return [];
  const rows = await tx.query<Row>(
    `with erased as (
       select l.subject_id, max(l.block) as block from permissions.ledger l
       where l.subject_id = any ($1::uuid[]) and ${CARRIED_OUT} group by l.subject_id
     )
     select ${COLUMNS} left join erased e on e.subject_id = l.subject_id
     where l.subject_id = any ($1::uuid[]) and (b.at <= $2 or l.block = e.block)
       and l.block >= coalesce(e.block, 0)
     order by l.block, l.index`,
    [subjectIds, formatInstant(at)],
  );
  return rows.map(entryFrom);
}

/** Entries with something that counts from one of these folded contact points (base64url), as {@link entriesOf}. */
export async function entriesAt(
  tx: Queryable,
  folds: readonly string[],
  at: Instant,
): Promise<RecordedEntry[]> {
  if (folds.length === 0) return [];
  const rows = await tx.query<Row>(
    `select ${COLUMNS}
     where l.body ? 'folds' and l.body -> 'folds' ?| $1::text[]
       and (b.at <= $2 or ${CARRIED_OUT} or ${RECORDS_ENDED})
     order by l.block, l.index`,
    [folds, formatInstant(at)],
  );
  return rows.map(entryFrom);
}

/** Of these folded contact points, in hexadecimal, those with stops from before the ledger held everything. */
export async function unrecordedFolds(
  tx: Queryable,
  folds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.query<{ fold: Buffer }>(
    'select fold from permissions.unrecorded_fold where fold = any ($1::bytea[])',
    [folds.map((fold) => Buffer.from(fold, 'hex'))],
  );
  return new Set(rows.map((row) => row.fold.toString('hex')));
}
