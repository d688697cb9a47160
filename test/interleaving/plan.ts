import type { FaultRequest } from '@kyoka/sandbox';
import type { Network, Person } from '../release/harness/index.js';
import { pick, randomFrom } from './random.js';
import type { StopKind } from './stopping.js';

/** Where a stop may fall. In the order in which a release comes by. */
export const POINTS = [
  'before the run',
  'before the build',
  'build has decided',
  'gate is about to decide',
  'gate has decided',
  'gate is closed',
  'gate has committed',
  'first byte is due',
  'body is half written',
  'network has taken it',
  'network has answered',
  'backing off or processing',
  'later while processing',
  'everything is at rest',
] as const;
export type Point = (typeof POINTS)[number];

/**
 * How a stop falls there: `commit` the release waits until it has committed; `removed` until its
 * removal has reached the network as well; `race` the release goes on meanwhile.
 */
export type Mode = 'race' | 'commit' | 'removed';

/** Points at which the release holds rows or the barrier, so that a removal would wait for it. */
const HOLDS_ROWS: readonly Point[] = [
  'build has decided',
  'gate is about to decide',
  'gate has decided',
];
/** Points at which the release can't wait for a stop at all. */
const ONLY_RACES: readonly Point[] = [
  'gate is closed',
  'first byte is due',
  'body is half written',
  'network has taken it',
];

export interface StopPlan {
  readonly kind: StopKind;
  readonly phase: 'first' | 'renewal';
  readonly point: Point;
  readonly mode: Mode;
  /** For `race`: turns of the event loop that the stop waits first. */
  readonly turns: number;
}

export interface RoundPlan {
  readonly seed: number;
  readonly network: Network;
  readonly persons: readonly (Person & { readonly stop?: StopPlan })[];
  /** People who only make the request large. */
  readonly crowd: number;
  readonly faults: readonly FaultRequest[];
  /** What becomes of the first sender: it dies or stalls, before or after its request. */
  readonly sender: 'lives' | 'dies before' | 'dies after' | 'stalls before' | 'stalls after';
  /** How far the clock moves after the gate's commit; the sending deadline is 30 seconds. */
  readonly delayMs: number;
  readonly renewed: boolean;
}

/** The round that a seed means. */
export function planOf(seed: number): RoundPlan {
  const random = randomFrom(seed);
  const chance = (share: number) => random() < share;
  const network = pick(random, ['google', 'meta'] as const);
  const crowd = chance(0.02) ? 700 : 0;
  const renewed = chance(0.25);
  const stops = 8 + Math.floor(random() * 6);
  const shares = chance(0.2);
  const persons = Array.from({ length: stops + 1 }, (_, index) => {
    const ref = `p${seed}-${index}`;
    return {
      ref,
      email: shares && index === 1 ? `p${seed}-0@example.jp` : `${ref}@example.jp`,
      ...(chance(0.4) && { phone: phoneOf(seed, index) }),
      ordered: `round-${seed}`,
      ...(index < stops && { stop: stopOf(random, pointOf(random, crowd > 0), renewed) }),
    };
  });
  const faults: FaultRequest[] = [];
  const ofJobs = network === 'google' ? JOB_FAULTS : [];
  if (crowd === 0 && chance(0.4)) {
    faults.push({
      network,
      op: 'add',
      kind: pick(random, [...ADD_FAULTS, ...ofJobs]),
      delayMs: 15,
    });
  }
  if (chance(0.2)) {
    faults.push({ network, op: 'remove', kind: pick(random, [...REMOVE_FAULTS, ...ofJobs]) });
  }
  return {
    seed,
    network,
    persons,
    crowd,
    faults,
    sender: crowd === 0 && chance(0.3) ? pick(random, SENDERS) : 'lives',
    delayMs: crowd === 0 && chance(0.15) ? Math.floor(random() * 60_000) : 0,
    renewed,
  };
}

const SENDERS = ['dies before', 'dies after', 'stalls before', 'stalls after'] as const;
const ADD_FAULTS = [
  '500',
  '429',
  'cut_before',
  'cut_after',
  'slow',
  'duplicate_accept',
  'wrong_counts',
] as const;
const REMOVE_FAULTS = ['500', '429', 'cut_before', 'cut_after', 'html', 'wrong_counts'] as const;
/** Meta tells nothing of what becomes of a request that it took, so nobody could notice these. */
const JOB_FAULTS = ['job_failed', 'job_partial', 'drop_job'] as const;

/** Only a large body can be half written. */
function pointOf(random: () => number, large: boolean): Point {
  if (large && random() < 0.5) return 'body is half written';
  return pick(
    random,
    POINTS.filter((point) => point !== 'body is half written'),
  );
}

function stopOf(random: () => number, point: Point, renewed: boolean): StopPlan {
  const modes: readonly Mode[] = ONLY_RACES.includes(point)
    ? ['race']
    : HOLDS_ROWS.includes(point)
      ? ['race', 'commit']
      : ['race', 'commit', 'removed'];
  return {
    kind: pick(random, [
      'suspension',
      'suspension of an address',
      'withdrawal',
      'erasure',
    ] as const),
    phase: renewed && random() < 0.5 ? 'renewal' : 'first',
    point,
    mode: pick(random, modes),
    turns: Math.floor(random() * 12),
  };
}

const phoneOf = (seed: number, index: number): string =>
  `090${String(10_000_000 + ((seed * 16 + index) % 80_000_000)).slice(0, 8)}`;
