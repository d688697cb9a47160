import type { DataSource } from 'typeorm';

export interface PoolState {
  readonly total: number;
  readonly idle: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
}

/** Connections of a pool at this moment. */
export function poolState(pool: DataSource): PoolState {
  // TypeORM hands out the driver's own pool as `master`, untyped.
  const { master } = pool.driver as unknown as {
    master?: { totalCount: number; idleCount: number; waitingCount: number };
  };
  return {
    total: master?.totalCount ?? 0,
    idle: master?.idleCount ?? 0,
    waiting: master?.waitingCount ?? 0,
  };
}
