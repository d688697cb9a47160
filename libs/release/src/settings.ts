import { DAY, MINUTE, SECOND } from '@kyoka/kernel';

/** Waiting times and sizes, all times in milliseconds. */
export interface ReleaseSettings {
  /** How long a membership lasts unless it is renewed; a network's own lifetime may cut it shorter. */
  readonly leaseMs: number;
  /** How long before its end a lease is renewed. */
  readonly renewBeforeMs: number;
  /** Every member is decided again at least this often, so that what no event tells ends it too. */
  readonly sweepEveryMs: number;
  /** After the sending deadline, how long a sender may take to report before its outcome is unknown. */
  readonly reportWithinMs: number;
  /** First and longest wait before something that failed is tried again. */
  readonly retry: { readonly firstMs: number; readonly mostMs: number };
  /** How often an add whose outcome is unknown is repeated before its lease ends. */
  readonly addTries: number;
  /** How long an idle loop of the worker sleeps when nothing wakes it. */
  readonly idleMs: number;
  /** Persons decided, and member rows changed, in one transaction. */
  readonly chunk: number;
}

/** For the vendors' own networks. */
export const DEFAULT_SETTINGS: ReleaseSettings = {
  leaseMs: 30 * DAY,
  renewBeforeMs: 5 * DAY,
  sweepEveryMs: DAY,
  reportWithinMs: 2 * MINUTE,
  retry: { firstMs: 30 * SECOND, mostMs: 60 * MINUTE },
  addTries: 5,
  idleMs: SECOND,
  chunk: 1000,
};
