import { randomUUID } from 'node:crypto';
import { actingRole, holdCredential, type Identity, mayActAs, recordAct } from '@kyoka/access';
import type { FreezeAnswer } from '@kyoka/contracts';
import { journalFreeze } from '@kyoka/intake';
import { type Clock, formatInstant, KyokaError } from '@kyoka/kernel';
import { takeBarrier } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { inTransaction, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import type { FreezesPort } from '../ports.js';
import { requireKnownNames } from './freeze-names.js';

interface FreezeRow {
  readonly id: string;
  readonly purposes: string[];
  readonly channels: FreezeAnswer['scope']['channels'];
  readonly recipients: string[];
  readonly sources: string[];
  readonly reason: string;
  readonly set_by_role: string;
  readonly set_by: string;
  readonly at: Date;
  readonly lifted_at: Date | null;
  readonly lifted_by: string | null;
  readonly lift_reason: string | null;
}

const COLUMNS =
  'id, purposes, channels, recipients, sources, reason, set_by_role, set_by, at, lifted_at, lifted_by, lift_reason';

/**
 * Freezes. One takes the exclusive side of the barrier, so that once it is set no release within its
 * scope commits. It is set in the name of a role of whoever sets it, and lifted by whoever has that role;
 * somebody without a role is one of their own.
 */
export function freezesService({
  permissions: pool,
  clock,
  intake,
  policies,
}: {
  /** Under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  readonly clock: Clock;
  /** The stop journal, which an older copy of the database learns a freeze from. */
  readonly intake: Parameters<typeof journalFreeze>[2];
  /** Every policy of the deployment, switched on or not. */
  readonly policies: PolicySet;
}): FreezesPort {
  return {
    async list() {
      const rows = await queryable(pool).query<FreezeRow>(
        `select ${COLUMNS} from permissions.freeze where lifted_at is null order by at, id`,
      );
      return { freezes: rows.map(answerOf) };
    },
    set: (request, by) =>
      inTransaction(pool, async (tx) => {
        const { owner } = by;
        const role = actingRole(by);
        await requireKnownNames(tx, request, policies);
        const { scope, recipients = [], sources = [], reason } = request;
        const [id, at] = [randomUUID(), clock()];
        const [row] = await tx.query<FreezeRow>(
          `insert into permissions.freeze (id, purposes, channels, recipients, sources, set_by_role, set_by, reason, at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${COLUMNS}`,
          [
            id,
            scope.purposes,
            scope.channels,
            recipients,
            sources,
            role,
            owner,
            reason,
            formatInstant(at),
          ],
        );
        const freeze = { id, ...scope, recipients, sources, role, setBy: owner, at };
        await recordAct(tx, { by, act: 'freeze.set', target: id, at, detail: { role } });
        await journalFreeze(tx, freeze, intake);
        await takeBarrier(tx, 'exclusive');
        return answerOf(row as FreezeRow);
      }),
    lift: (id, reason, by) =>
      inTransaction(pool, async (tx) => {
        await holdCredential(tx, by);
        const at = clock();
        await requireLiftable(tx, id, by);
        const [row] = await tx.query<FreezeRow>(
          `update permissions.freeze set lifted_at = $2, lifted_by = $3, lift_reason = $4 where id = $1 returning ${COLUMNS}`,
          [id, formatInstant(at), by.owner, reason],
        );
        await recordAct(tx, { by, act: 'freeze.lifted', target: id, at });
        return answerOf(row as FreezeRow);
      }),
  };
}

async function requireLiftable(tx: Queryable, id: string, by: Identity): Promise<void> {
  const [row] = await tx.query<{ set_by_role: string; lifted: boolean }>(
    'select set_by_role, lifted_at is not null as lifted from permissions.freeze where id = $1 for update',
    [id],
  );
  if (row === undefined) throw new KyokaError('not_found', 'There is no such freeze');
  if (!mayActAs(row.set_by_role, by)) {
    throw new KyokaError('not_permitted', 'A freeze is lifted by the role that set it');
  }
  if (row.lifted) throw new KyokaError('conflict', 'The freeze has ended already');
}

function answerOf(row: FreezeRow): FreezeAnswer {
  return {
    id: row.id,
    scope: { purposes: row.purposes, channels: row.channels },
    ...(row.recipients.length > 0 && { recipients: row.recipients }),
    ...(row.sources.length > 0 && { sources: row.sources }),
    reason: row.reason,
    role: row.set_by_role,
    setBy: row.set_by,
    setAt: formatInstant(row.at.getTime()),
    ...(row.lifted_by !== null && { endedBy: row.lifted_by }),
    ...(row.lift_reason !== null && { endReason: row.lift_reason }),
    ...(row.lifted_at !== null && { endedAt: formatInstant(row.lifted_at.getTime()) }),
  };
}
