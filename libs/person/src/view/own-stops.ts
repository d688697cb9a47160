import type { StopActKind } from '@kyoka/permission-store';
import type { Queryable } from '@kyoka/postgres';
import { type RemovalReport, readStops } from '@kyoka/release';

/** A stop that the person made, whichever door it came through. */
export interface OwnStop {
  readonly id: string;
  readonly kind: StopActKind;
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
  readonly recipients: readonly string[];
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The newest of them are shown. */
const SHOWN = 20;

interface Row {
  readonly id: string;
  readonly kind: StopActKind;
  readonly purposes: string[];
  readonly channels: string[];
  readonly recipients: string[];
  readonly committed_at: Date;
}

const stopFrom = (row: Row): OwnStop => ({
  id: row.id,
  kind: row.kind,
  purposes: row.purposes,
  channels: row.channels,
  recipients: row.recipients,
  at: row.committed_at.toISOString(),
});

const COLUMNS = 'id, kind, purposes, channels, recipients, committed_at';

export async function ownStops(db: Queryable, subjectId: string): Promise<OwnStop[]> {
  const rows = await db.query<Row>(
    `select ${COLUMNS} from permissions.v_stop_act where subject_id = $1 order by committed_at desc, id limit $2`,
    [subjectId, SHOWN],
  );
  return rows.map(stopFrom);
}

/** The receipt of a stop: what stopped, since when, and how each recipient stands. */
export interface StopReceipt extends OwnStop {
  /** Whether every recipient has been looked at; until then `removals` may grow. */
  readonly followed: boolean;
  readonly removals: readonly RemovalReport[];
}

/**
 * The receipts of some stops of a subject and of the others that were committed with them, oldest
 * first: what one press of a button stopped is one receipt. Another person's are left out.
 *
 * @param db under the role `kyoka_permissions`
 */
export async function readReceipts(
  db: Queryable,
  subjectId: string,
  ids: readonly string[],
): Promise<StopReceipt[]> {
  const rows = await db.query<Row>(
    `select ${COLUMNS} from permissions.v_stop_act where subject_id = $1 and committed_at in (
       select committed_at from permissions.v_stop_act where subject_id = $1 and id = any ($2::uuid[]))
     order by committed_at, id`,
    [subjectId, ids],
  );
  const reports = new Map(
    (
      await readStops(
        db,
        rows.map((row) => row.id),
      )
    ).map((one) => [one.id, one]),
  );
  return rows.map((row) => {
    const report = reports.get(row.id);
    return {
      ...stopFrom(row),
      followed: report?.followed === true,
      removals: report?.removals ?? [],
    };
  });
}
