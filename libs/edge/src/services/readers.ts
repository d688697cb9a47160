import { randomUUID } from 'node:crypto';
import { holdCredential, recordAct } from '@kyoka/access';
import type { ReaderAnswer } from '@kyoka/contracts';
import { type Clock, formatInstant, KyokaError, lastOfTerm } from '@kyoka/kernel';
import { endReader, insertReader, listReaders, type Reader } from '@kyoka/permission-store';
import { inTransaction, type Pool, queryable } from '@kyoka/postgres';
import { found } from '../http/found.js';
import type { ReadersPort } from '../ports.js';

export interface ReadersContext {
  /** Under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  readonly clock: Clock;
}

/** Readers of the output topics: of which sources the events carry the references. */
export function readersService({ permissions: pool, clock }: ReadersContext): ReadersPort {
  return {
    async list() {
      return { readers: (await listReaders(queryable(pool))).map(answerOf) };
    },
    register({ until, ...asked }, by) {
      const at = clock();
      const validUntil = lastOfTerm(until, at);
      if (validUntil === undefined || validUntil < at) {
        throw new KyokaError('bad_input', 'The reader would never be told anything', {
          faults: [{ field: 'until', expected: 'a day that is not over' }],
        });
      }
      const reader = {
        id: randomUUID(),
        ...asked,
        validUntil,
        registeredAt: at,
        registeredBy: by.owner,
      };
      return inTransaction(pool, async (tx) => {
        await holdCredential(tx, by);
        await insertReader(tx, reader);
        const detail = { topic: reader.topic, sources: [...reader.sources] };
        await recordAct(tx, { by, act: 'reader.added', target: reader.id, at, detail });
        return answerOf(reader);
      });
    },
    end(id, by) {
      return inTransaction(pool, async (tx) => {
        const at = clock();
        const { reader, changed } = found(await endReader(tx, id, { at, by: by.owner }));
        if (changed) await recordAct(tx, { by, act: 'reader.ended', target: id, at });
        return answerOf(reader);
      });
    },
  };
}

function answerOf({ validUntil, registeredAt, endedAt, ...reader }: Reader): ReaderAnswer {
  return {
    ...reader,
    topic: reader.topic as ReaderAnswer['topic'],
    sources: [...reader.sources],
    validUntil: formatInstant(validUntil),
    registeredAt: formatInstant(registeredAt),
    ...(endedAt !== undefined && { endedAt: formatInstant(endedAt) }),
  };
}
