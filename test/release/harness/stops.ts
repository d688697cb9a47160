import { randomUUID } from 'node:crypto';
import { formatInstant, type Instant } from '@kyoka/kernel';
import {
  insertStopActs,
  raiseConsents,
  raiseStops,
  type StopActKind,
  takeBarrier,
} from '@kyoka/permission-store';
import { inTransaction, type Pool, type Queryable } from '@kyoka/postgres';

export interface StopOptions {
  readonly kind?: StopActKind;
  /** Everything unless narrowed; one name each. */
  readonly scope?: Partial<Record<'purposes' | 'channels' | 'recipients', readonly string[]>>;
}

export type StopOrigin = { readonly subjectId: string } | { readonly fold: Buffer };

/** Withdraws, suspends, … as intake does. */
export function placeStop(
  pool: Pool,
  origin: StopOrigin,
  at: Instant,
  {
    kind = 'suspension',
    scope: { purposes = ['*'], channels = ['*'], recipients = ['*'] } = {},
  }: StopOptions = {},
): Promise<string> {
  return inTransaction(pool, async (tx) => {
    const id = randomUUID();
    await raise(tx, id, kind, origin, at, [purposes[0], channels[0], recipients[0]]);
    const act = {
      id,
      kind,
      subjectId: 'subjectId' in origin ? origin.subjectId : null,
      folds: 'fold' in origin ? [origin.fold] : [],
      purposes,
      channels,
      recipients,
      actAt: at,
      arrivedAt: at,
    };
    await insertStopActs(tx, [act], at);
    await takeBarrier(tx, 'exclusive');
    return id;
  });
}

/** Freezes everything, or what came from a source, as an officer does. */
export function placeFreeze(pool: Pool, at: Instant, source?: string): Promise<void> {
  return inTransaction(pool, async (tx) => {
    await tx.query(
      `insert into permissions.freeze (id, purposes, channels, recipients, sources, set_by_role, set_by, reason, at)
       values (gen_random_uuid(), '{*}', '{*}', '{}', $2, 'officer', 'user:officer', 'a leak', $1)`,
      [formatInstant(at), source === undefined ? [] : [source]],
    );
    await takeBarrier(tx, 'exclusive');
  });
}

async function raise(
  tx: Queryable,
  id: string,
  kind: StopActKind,
  origin: StopOrigin,
  at: Instant,
  [purpose = '*', channel = '*', recipient = '*']: readonly (string | undefined)[],
): Promise<void> {
  const act = {
    purpose,
    channel,
    at,
    evidenceId: `stop-${id}`,
    actor: 'subject' as const,
    entry: randomUUID(),
  };
  if (kind === 'ads_off' && 'subjectId' in origin) {
    await tx.query('update permissions.subject set ads_off_at = $2 where id = $1', [
      origin.subjectId,
      formatInstant(at),
    ]);
  } else if (kind === 'withdrawal' && 'subjectId' in origin) {
    const { subjectId } = origin;
    await raiseConsents(tx, [
      {
        ...act,
        subjectId,
        recipient: recipient === '*' ? '' : recipient,
        act: 'withdrawn',
        class: 'evidenced',
      },
    ]);
  } else {
    await raiseStops(tx, [{ ...act, kind: kind as 'suspension', origin }]);
  }
}
