import { randomUUID } from 'node:crypto';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { stamp } from '../words.js';

/** What needs a second person to be switched on. */
export interface SwitchTarget {
  readonly target: 'recipient' | 'policy';
  readonly id: string;
}

export interface SwitchAct {
  readonly id: string;
  readonly act: 'requested' | 'approved' | 'off';
  /** The request that an approval approves. */
  readonly request: string | null;
  readonly by: string;
  /** Everybody through whose hands the credential came. */
  readonly standingBehind: readonly string[];
  readonly reason: string | null;
  /** The network's address and account that the switch holds for; `null` where there is none. */
  readonly destination: string | null;
  readonly at: Instant;
}

export type NewSwitchAct = Omit<SwitchAct, 'id' | 'at'>;

/** Holds a switch until the transaction ends, so that its acts come one after another. */
export async function lockSwitch(tx: Queryable, { target, id }: SwitchTarget): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `switch:${target}:${id}`,
  ]);
}

/** The latest acts on a switch, the newest first: the last one decides. */
export async function latestSwitchActs(
  db: Queryable,
  { target, id }: SwitchTarget,
): Promise<SwitchAct[]> {
  const rows = await db.query<{
    id: string;
    act: SwitchAct['act'];
    request: string | null;
    by_user: string;
    standing_behind: string[];
    reason: string | null;
    destination: string | null;
    at: Date;
  }>(
    `select id, act, request, by_user, standing_behind, reason, destination, at from audiences.switch_act
     where target = $1 and target_id = $2 order by seq desc limit 2`,
    [target, id],
  );
  return rows.map(({ by_user, standing_behind, at, ...row }) => ({
    ...row,
    by: by_user,
    standingBehind: standing_behind,
    at: at.getTime(),
  }));
}

export async function insertSwitchAct(
  tx: Queryable,
  { target, id }: SwitchTarget,
  act: NewSwitchAct,
  at: Instant,
): Promise<void> {
  await tx.query(
    `insert into audiences.switch_act (id, target, target_id, act, request, by_user, reason, destination, at, standing_behind)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      randomUUID(),
      target,
      id,
      act.act,
      act.request,
      act.by,
      act.reason,
      act.destination,
      stamp(at),
      [...act.standingBehind],
    ],
  );
}
