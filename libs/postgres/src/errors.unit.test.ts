import { KyokaError } from '@kyoka/kernel';
import { describe, expect, it } from 'vitest';
import { toKyokaError, type DatabaseError } from './index.js';

const CANARY = 'canary.taro@example.jp';

/** A fault as TypeORM hands it on: the driver's error inside, values everywhere. */
function typeormFault(code: string): Error {
  const driverError = Object.assign(new Error(CANARY), {
    code,
    detail: CANARY,
    constraint: 'thing_pkey',
    table: 'thing',
  });
  return Object.assign(new Error(CANARY), {
    name: 'QueryFailedError',
    query: CANARY,
    parameters: [CANARY],
    driverError,
  });
}

describe('a fault of PostgreSQL', () => {
  it.each([
    ['08006', 'database_unavailable', 'the connection broke'],
    ['53300', 'database_unavailable', 'too many connections'],
    ['57P01', 'database_unavailable', 'an operator ended the session'],
    ['57P03', 'database_unavailable', 'the server starts up'],
    ['57014', 'database_unavailable', 'a statement took too long'],
    ['40P01', 'database_unavailable', 'a deadlock'],
    ['25006', 'database_unavailable', 'a standby after a failover'],
    ['XX001', 'database_unavailable', 'damaged data is nobody input'],
    ['23505', 'database_refused', 'a duplicate'],
    ['22P02', 'database_refused', 'a value that is no uuid'],
    ['42P01', 'database_refused', 'a missing table'],
    ['28P01', 'database_refused', 'a wrong password'],
    ['XX000', 'database_refused', 'a fault inside the server'],
  ] as const)('%s is %s: %s', (sqlState, code, _reason) => {
    expect(toKyokaError(typeormFault(sqlState))).toMatchObject({
      code,
      sqlState,
      constraint: 'thing_pkey',
      table: 'thing',
    });
  });

  it.each(['22001', '23514', '54000'])('%s blames what was written', (sqlState) => {
    expect((toKyokaError(typeormFault(sqlState)) as DatabaseError).blamesData).toBe(true);
  });

  it.each(['42501', '42P01', '40001', '57P01'])('%s does not', (sqlState) => {
    expect((toKyokaError(typeormFault(sqlState)) as DatabaseError).blamesData).toBe(false);
  });

  it('of a connection that broke between two statements is one that passes', () => {
    const fault = Object.assign(new Error('Query runner already released.'), {
      name: 'QueryRunnerAlreadyReleasedError',
    });
    expect(toKyokaError(fault)).toMatchObject({ code: 'database_unavailable', retry: 'backoff' });
  });

  it('keeps no cause and no name that is not one of ours', () => {
    const fault = typeormFault('23505');
    Object.assign(fault, { driverError: { code: '23505', constraint: CANARY, table: CANARY } });
    const coded = toKyokaError(fault);
    expect(coded).toMatchObject({ constraint: undefined, table: undefined });
    expect(coded).not.toHaveProperty('cause');
    expect(`${coded.message}${coded.stack}`).not.toContain(CANARY);
  });
});

it.each([
  ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ['an exhausted pool', new Error('timeout exceeded when trying to connect')],
  ['a connection lost in a query', new Error('Connection terminated unexpectedly')],
])('%s is database_unavailable', (_, fault) => {
  expect(toKyokaError(fault)).toMatchObject({ code: 'database_unavailable', retry: 'backoff' });
});

it('a fault of ours stays as it is, any other is internal and says nothing of it', () => {
  const ours = new KyokaError('conflict', 'ours');
  expect(toKyokaError(ours)).toBe(ours);
  for (const fault of [new TypeError(CANARY), CANARY, null, { code: 7 }]) {
    const coded = toKyokaError(fault);
    expect(coded.code).toBe('internal');
    expect(coded.message).not.toContain(CANARY);
  }
});
