import { holdCredential, type Identity, recordAct } from '@kyoka/access';
import type { PublisherAnswer, PublisherKeyAnswer } from '@kyoka/contracts';
import {
  journalKeysEnd,
  keysOf,
  type KeyRow,
  overlapEnd,
  publisherRows,
  type PublisherRow,
  type Registered,
  registerPublisher,
  revokePublisher,
  rotatePublisher,
} from '@kyoka/intake';
import { type Clock, formatInstant, KyokaError, lastOfTerm, parseInstant } from '@kyoka/kernel';
import { inTransaction, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import type { PublishersPort } from '../ports.js';

export interface PublishersContext {
  /** Under the role `kyoka_permissions`. */
  readonly pool: Pool;
  readonly vault: Vault;
  readonly clock: Clock;
  /** The stop journal, which keeps the end of keys. */
  readonly intake: Parameters<typeof journalKeysEnd>[2];
}

/** Publishers: who may send which events, and until when. */
export function publishersService({
  pool,
  vault,
  clock,
  intake,
}: PublishersContext): PublishersPort {
  return {
    async list() {
      const rows = await publisherRows(queryable(pool));
      return { publishers: rows.map(({ publisher, keys }) => answerOf(publisher, keys)) };
    },
    register({ until, ...grant }, by) {
      const validUntil = lastOfTerm(until, clock());
      if (validUntil === undefined || validUntil < clock()) {
        throw new KyokaError('bad_input', 'The publisher would never be taken', {
          faults: [{ field: 'until', expected: 'a day that is not over' }],
        });
      }
      return inTransaction(pool, async (tx) => {
        await holdCredential(tx, by);
        const made = await registerPublisher(
          tx,
          vault,
          { ...grant, validUntil },
          { by: by.owner, clock },
        );
        await record(tx, by, 'publisher.added', made);
        return handedOver(tx, made);
      });
    },
    rotate(id, { overlapUntil }, by) {
      const overlap = overlapUntil === undefined ? undefined : parseInstant(overlapUntil);
      return inTransaction(pool, async (tx) => {
        await holdCredential(tx, by);
        const made = await rotatePublisher(
          tx,
          vault,
          { id, overlapUntil: overlap },
          { by: by.owner, clock },
        );
        await record(tx, by, 'publisher.rotated', made);
        const answer = await handedOver(tx, made);
        const at = made.key.createdAt;
        await journalKeysEnd(
          tx,
          {
            publisherId: id,
            act: 'rotated',
            endsAt: overlapEnd(overlap, at),
            by: by.owner,
            at,
          },
          intake,
        );
        return answer;
      });
    },
    revoke(id, reason, by) {
      return inTransaction(pool, async (tx) => {
        const act = { by: by.owner, clock };
        const { publisher, changed } = await revokePublisher(tx, { id, reason }, act);
        if (changed) {
          const at = publisher.revokedAt ?? clock();
          await recordAct(tx, { by, act: 'publisher.revoked', target: id, at });
          await journalKeysEnd(
            tx,
            { publisherId: id, act: 'revoked', endsAt: at, by: by.owner, at },
            intake,
          );
        }
        return answerOf(publisher, await keysOf(tx, id));
      });
    },
  };
}

const record = (
  tx: Queryable,
  by: Identity,
  act: 'publisher.added' | 'publisher.rotated',
  { publisher, key }: Registered,
): Promise<void> => {
  const detail = { kid: key.kid, sources: [...publisher.sources], types: [...publisher.types] };
  return recordAct(tx, { by, act, target: publisher.id, at: key.createdAt, detail });
};

async function handedOver(
  tx: Queryable,
  { publisher, key }: Registered,
): Promise<PublisherKeyAnswer> {
  const keys = await keysOf(tx, publisher.id);
  return { publisher: answerOf(publisher, keys), kid: key.kid, key: key.key };
}

function answerOf(publisher: PublisherRow, keys: readonly KeyRow[]): PublisherAnswer {
  const { id, name, sources, types, validUntil, registeredAt, registeredBy } = publisher;
  const { revokedAt, revokedBy, revokeReason } = publisher;
  return {
    id,
    name,
    sources: [...sources],
    types: [...types],
    validUntil: formatInstant(validUntil),
    registeredAt: formatInstant(registeredAt),
    registeredBy,
    ...(revokedAt !== undefined && { revokedAt: formatInstant(revokedAt) }),
    ...(revokedBy !== undefined && { revokedBy }),
    ...(revokeReason !== undefined && { revokeReason }),
    keys: keys.map(({ kid, createdAt, createdBy, endsAt }) => ({
      kid,
      createdAt: formatInstant(createdAt),
      createdBy,
      endsAt: formatInstant(endsAt),
    })),
  };
}
