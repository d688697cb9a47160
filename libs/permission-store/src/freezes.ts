import { EXCEPTIONAL_DISCLOSURE } from '@kyoka/decision';
import { ANY, type Instant } from '@kyoka/kernel';
import type { Cell } from '@kyoka/permission';
import type { Queryable } from '@kyoka/postgres';

/** The operator's stop by scope. Empty lists of recipients or sources mean all of them. */
export interface Freeze {
  readonly id: string;
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
  readonly recipients: readonly string[];
  readonly sources: readonly string[];
  readonly at: Instant;
  readonly liftedAt: Instant | null;
}

/** Every freeze, lifted ones included; there are few. */
export async function loadFreezes(tx: Queryable): Promise<Freeze[]> {
  const rows = await tx.query<{
    id: string;
    purposes: string[];
    channels: string[];
    recipients: string[];
    sources: string[];
    at: Date;
    lifted_at: Date | null;
  }>(
    'select id, purposes, channels, recipients, sources, at, lifted_at from permissions.v_freeze order by at, id',
  );
  return rows.map((row) => ({
    id: row.id,
    purposes: row.purposes,
    channels: row.channels,
    recipients: row.recipients,
    sources: row.sources,
    at: row.at.getTime(),
    liftedAt: row.lifted_at?.getTime() ?? null,
  }));
}

/** The scopes of a freeze that cover a cell for data of these sources. A named purpose is told from `*`: a duty is covered only by its name. */
export function frozenScopes(
  freeze: Freeze,
  cell: Cell,
  sources: readonly string[],
): { purpose: string; channel: string }[] {
  const recipientCovered =
    freeze.recipients.length === 0 ||
    cell.recipients.some((recipient) => freeze.recipients.includes(recipient));
  const sourceCovered =
    freeze.sources.length === 0 || sources.some((source) => freeze.sources.includes(source));
  if (!recipientCovered || !sourceCovered) return [];
  return freeze.purposes
    .filter((purpose) => purpose === ANY || purpose === cell.purpose)
    .flatMap((purpose) =>
      freeze.channels
        .filter((channel) => channel === ANY || channel === cell.channel)
        .map((channel) => ({ purpose, channel })),
    );
}

/** Whether a freeze names exceptional disclosure, for data of these sources. It has no channel, and its third party is no recipient of ours. */
export async function isDisclosureFrozen(
  tx: Queryable,
  sources: readonly string[],
): Promise<boolean> {
  return (await loadFreezes(tx)).some(
    (freeze) =>
      freeze.liftedAt === null &&
      freeze.purposes.includes(EXCEPTIONAL_DISCLOSURE) &&
      freeze.recipients.length === 0 &&
      (freeze.sources.length === 0 || sources.some((source) => freeze.sources.includes(source))),
  );
}
