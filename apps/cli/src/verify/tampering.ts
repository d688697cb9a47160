import { inTransaction, type Pool, type Queryable } from '@kyoka/postgres';

/** What somebody who owns the database could do to it. */
export interface Tampering {
  readonly what: string;
  readonly sql: string;
}

/** The roles of the service can do none of these, and a trigger refuses them to everybody who leaves it on. */
export const TAMPERINGS: readonly Tampering[] = [
  {
    what: 'an entry changed',
    sql: `update permissions.ledger set body = body || '{"by":"somebody else"}' where block = 2 and index = 0`,
  },
  {
    what: 'an entry taken out',
    sql: 'delete from permissions.ledger where block = 2 and index = 1',
  },
  {
    what: 'a block taken out',
    sql: `delete from permissions.ledger where block = 2;
          delete from permissions.block where chain = 'ledger' and number = 2`,
  },
  {
    what: 'the newest block cut off',
    sql: `delete from permissions.ledger where block = 4;
          delete from permissions.block where chain = 'ledger' and number = 4`,
  },
  {
    what: 'two entries swapped',
    sql: `update permissions.ledger set index = index + 10 where block = 3;
          update permissions.ledger set index = 11 - index where block = 3`,
  },
  {
    what: 'who did something changed',
    sql: `update access.act set owner = 'user:somebody' where block = 2`,
  },
  {
    what: 'what somebody did taken out',
    sql: `delete from access.act where block = 3;
          delete from access.block where number = 3`,
  },
  {
    what: 'all recorded decisions gone',
    sql: `delete from permissions.decision; delete from permissions.block where chain = 'decision'`,
  },
];

/**
 * Does it, past the triggers, lets `look` see what is then there, and takes it back.
 *
 * @param pool under the owner's role
 */
export function afterTampering<T>(
  pool: Pool,
  { sql }: Tampering,
  look: (tampered: Queryable) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (tx) => {
    await tx.query('savepoint untouched');
    await tx.query('set local session_replication_role = replica');
    for (const statement of sql.split(';')) await tx.query(statement);
    const seen = await look(tx);
    await tx.query('rollback to savepoint untouched');
    return seen;
  });
}
