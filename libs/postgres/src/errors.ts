import { KyokaError } from '@kyoka/kernel';

/**
 * A fault of PostgreSQL reduced to what can't hold a value somebody sent: SQLSTATE, constraint and
 * table. The driver's own error is dropped on purpose: its message, detail, query and parameters
 * quote values.
 */
export class DatabaseError extends KyokaError {
  readonly sqlState: string | undefined;
  readonly constraint: string | undefined;
  readonly table: string | undefined;

  constructor(
    code: 'database_unavailable' | 'database_refused',
    at: {
      sqlState?: string | undefined;
      constraint?: string | undefined;
      table?: string | undefined;
    } = {},
  ) {
    super(code, `${code === 'database_unavailable' ? TEXT_UNAVAILABLE : TEXT_REFUSED}${where(at)}`);
    this.name = 'DatabaseError';
    this.sqlState = at.sqlState;
    this.constraint = at.constraint;
    this.table = at.table;
  }

  /**
   * Whether what was written is to blame (a value, a constraint, a size) rather than the state of the
   * database. Only such a fault may make an event a poison one: a missing table or right would
   * otherwise park everything that comes.
   */
  get blamesData(): boolean {
    return this.sqlState !== undefined && BLAMES_DATA.test(this.sqlState);
  }
}

const TEXT_UNAVAILABLE = 'PostgreSQL could not be used';
const TEXT_REFUSED = 'PostgreSQL refused a statement';

function where(at: { sqlState?: string | undefined; constraint?: string | undefined }): string {
  const parts = [
    at.sqlState && `SQLSTATE ${at.sqlState}`,
    at.constraint && `constraint ${at.constraint}`,
  ];
  const known = parts.filter((part) => part !== undefined && part !== '');
  return known.length === 0 ? '' : ` (${known.join(', ')})`;
}

/**
 * SQLSTATE classes and codes that pass by themselves: connection (08), resources (53), operator
 * intervention (57P: shutdown, crash, starting up), system error (58), damaged data or index (XX001,
 * XX002: for a person to repair, no statement is to blame), serialization and deadlock (40), lock not
 * available (55P03), statement timeout (57014), read-only standby after a failover (25006), idle in
 * transaction (25P03).
 */
const PASSING = /^(?:08|53|57P|58|40)|^(?:55P03|57014|25006|25P03|XX00[12])$/;

/** Node's own codes of a connection that could not be had or was lost. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** The driver gives these faults no code, only a message. */
const LOST_CONNECTION =
  /^(?:timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|Query read timeout|Driver not Connected)/;

/**
 * TypeORM's own words for a connection that broke between two statements of a transaction: it lets go
 * of such a runner by itself, and nobody of ours uses one after letting go of it.
 */
const LET_GO = 'QueryRunnerAlreadyReleasedError';

/** Data exception, integrity constraint violation, program limit exceeded. */
const BLAMES_DATA = /^(?:22|23|54)/;

const SQLSTATE = /^[0-9A-Z]{5}$/;

interface DriverFault {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly constraint?: unknown;
  readonly table?: unknown;
  readonly driverError?: unknown;
}

/** The fault as a `DatabaseError`, or `undefined` when it isn't one of PostgreSQL or the way to it. */
export function databaseFault(fault: unknown): DatabaseError | undefined {
  if (fault instanceof DatabaseError) return fault;
  if (typeof fault !== 'object' || fault === null) return undefined;
  const { driverError } = fault as DriverFault;
  const source = (
    typeof driverError === 'object' && driverError !== null ? driverError : fault
  ) as DriverFault;
  const code = typeof source.code === 'string' ? source.code : '';
  if (SOCKET_CODES.has(code)) return new DatabaseError('database_unavailable');
  if (SQLSTATE.test(code)) {
    return new DatabaseError(PASSING.test(code) ? 'database_unavailable' : 'database_refused', {
      sqlState: code,
      constraint: identifier(source.constraint),
      table: identifier(source.table),
    });
  }
  if (
    source.name === LET_GO ||
    (typeof source.message === 'string' && LOST_CONNECTION.test(source.message))
  ) {
    return new DatabaseError('database_unavailable');
  }
  return fault instanceof Error && fault.name === 'QueryFailedError'
    ? new DatabaseError('database_refused')
    : undefined;
}

/**
 * Any fault as a coded one without values: a `KyokaError` as it is, a fault of PostgreSQL as
 * `database_unavailable` (worth another try) or `database_refused`, everything else as `internal`.
 */
export function toKyokaError(fault: unknown): KyokaError {
  if (fault instanceof KyokaError) return fault;
  return databaseFault(fault) ?? new KyokaError('internal', 'an unexpected fault');
}

/** Names of constraints and tables are ours; anything that doesn't look like one is left out. */
function identifier(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z_][a-z0-9_]{0,62}$/.test(value) ? value : undefined;
}
