import { PARKED_LIMIT, type ParkedAnswer } from '@kyoka/contracts';
import { formatInstant } from '@kyoka/kernel';
import { expiredAmong, type IntakePorts, replayParked } from '@kyoka/intake';
import { queryable } from '@kyoka/postgres';
import type { ParkedPort } from '../ports.js';

/** How many of the oldest are shown one by one. */
const SHOWN = 100;

type Waiting = ParkedAnswer['waiting'][number];
type Oldest = ParkedAnswer['oldest'][number];

/** Parked events: what waits, and its replay. */
export function parkedService(ports: IntakePorts): ParkedPort {
  const db = queryable(ports.pool);
  return {
    async list() {
      const waiting = await db.query<Waiting>(
        `select reason, count(*)::integer as events from intake.parked
          where state = 'parked' group by reason order by events desc, reason`,
      );
      const oldest = await db.query<
        Omit<Oldest, 'type' | 'arrivedAt'> & { type: string | null; at: Date }
      >(
        `select id, type, reason, faults, place, applied, arrived_at as at from intake.parked
          where state = 'parked' order by arrived_at, id limit ${SHOWN}`,
      );
      return {
        waiting,
        oldest: oldest.map(({ type, at, ...row }) => ({
          ...row,
          ...(isOurs(type) && { type }),
          arrivedAt: formatInstant(at.getTime()),
        })),
      };
    },
    async replay({ ids, reason, limit = PARKED_LIMIT }, { owner }) {
      const replayed = await replayParked(ports, {
        ...(ids && { ids }),
        ...(reason && { reason }),
        limit,
        actor: owner,
      });
      return {
        expired: ids === undefined ? [] : await expiredAmong(db, ids),
        replayed: replayed.map(({ id, answer: { outcome, reason: why, faults = [] } }) => ({
          id,
          answer: {
            outcome,
            ...(why && { reason: why }),
            ...(faults.length > 0 && { faults: [...faults] }),
          },
        })),
      };
    },
  };
}

/** A type of somebody who wasn't authenticated may be any text. */
const isOurs = (type: string | null): type is string =>
  /^jp\.kyoka\.[a-z.]{1,60}\.v\d{1,3}$/.test(type ?? '');
