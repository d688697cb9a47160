import { type Clock, formatInstant, type Instant, MINUTE, SECOND } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { Identity } from './identity.js';

export interface Quotas {
  /**
   * Takes one request of a credential's quota.
   *
   * @returns `undefined` if it may go on, else in how many whole seconds there is one again
   */
  take(identity: Pick<Identity, 'credential' | 'quota'>): Promise<number | undefined>;
}

/** What a process holds of a quota, to give out without asking the database. */
interface Part {
  left: number;
  /** What it holds is given up after this: others would wait for it. */
  until: Instant;
  /** No request before. */
  emptyUntil: Instant;
  asking: Promise<void> | undefined;
}

/** A process takes this share of a minute's quota at once. */
const SHARE = 1 / 100;
const HELD_MS = 10 * SECOND;

/**
 * Requests a minute per credential, as a bucket that fills steadily and holds one minute's worth. The
 * bucket lies in the database and counts for all processes together; each takes parts of it, so that
 * most requests cost no statement. What a process doesn't use of a part within ten seconds is lost,
 * so over time a quota is not exceeded, and may be missed by a hundredth per process. In one minute a
 * full bucket and what flows in make up to twice of it.
 *
 * @param perMinute for credentials that have no quota of their own
 */
export function quotas(
  db: Queryable,
  { clock, perMinute }: { readonly clock: Clock; readonly perMinute: number },
): Quotas {
  const parts = new Map<string, Part>();

  async function refill(credential: string, quota: number, part: Part): Promise<void> {
    const at = clock();
    const { granted, level } = await takeFrom(db, credential, {
      quota,
      wanted: Math.ceil(quota * SHARE),
      at,
    });
    part.left = granted;
    part.until = at + HELD_MS;
    part.emptyUntil = granted > 0 ? at : at + ((1 - level) * MINUTE) / quota;
  }

  return {
    async take({ credential, quota = perMinute }) {
      const now = clock();
      let part = parts.get(credential);
      if (part === undefined) {
        if (parts.size >= MOST_HELD) dropOld(parts, now);
        part = { left: 0, until: 0, emptyUntil: 0, asking: undefined };
        parts.set(credential, part);
      }
      while (part.left === 0 || part.until <= clock()) {
        if (part.emptyUntil > clock()) return secondsUntil(part.emptyUntil, clock());
        part.asking ??= refill(credential, quota, part).finally(() => {
          part.asking = undefined;
        });
        await part.asking;
      }
      part.left -= 1;
      return undefined;
    },
  };
}

const MOST_HELD = 10_000;

function dropOld(parts: Map<string, Part>, now: Instant): void {
  for (const [credential, part] of parts) {
    if (part.until <= now && part.asking === undefined) parts.delete(credential);
  }
}

const secondsUntil = (then: Instant, now: Instant): number =>
  Math.max(1, Math.ceil((then - now) / SECOND));

/** Fills the bucket for the time that has passed, and takes up to `wanted` out of it. */
async function takeFrom(
  db: Queryable,
  credential: string,
  { quota, wanted, at }: { readonly quota: number; readonly wanted: number; readonly at: Instant },
): Promise<{ granted: number; level: number }> {
  const [row] = await db.query<{ granted: number; level: number }>(
    `insert into access.quota as q (credential, level, granted, at) values ($1, $2::integer - $3::integer, $3, $4)
     on conflict (credential) do update set (level, granted, at) = (
       select filled - given, given, greatest(q.at, excluded.at)
         from (select least($2, q.level + greatest(0, extract(epoch from excluded.at - q.at)) * $2 / 60) as filled) f,
              lateral (select least($3, floor(filled))::integer as given) g)
     returning granted, level`,
    [credential, quota, wanted, formatInstant(at)],
  );
  return row as { granted: number; level: number };
}
