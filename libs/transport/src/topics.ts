import { DAY } from '@kyoka/kernel';

export interface TopicSettings {
  readonly name: string;
  readonly direction: 'in' | 'out';
  readonly partitions: number;
  /** Age at which records may go, in milliseconds; `null`: they stay. */
  readonly retentionMs: number | null;
  /** Keep the last record of each key only. */
  readonly compacted: boolean;
}

/** No input topic keeps a record for longer, so that an erased person is gone from it by then. */
export const INPUT_RETENTION_LIMIT_MS = 14 * DAY;

// A segment goes as a whole, up to a segment's length (a day) after its first record is old enough.
const INPUT_RETENTION_MS = 12 * DAY;

const input = (name: string): TopicSettings => ({
  name,
  direction: 'in',
  partitions: 6,
  retentionMs: INPUT_RETENTION_MS,
  compacted: false,
});

const output = (name: string, settings: Partial<TopicSettings> = {}): TopicSettings => ({
  name,
  direction: 'out',
  partitions: 6,
  retentionMs: 14 * DAY,
  compacted: false,
  ...settings,
});

/** Every topic of the product. Inputs are keyed by the publisher's subject key, outputs by subject id. */
export const TOPICS: readonly TopicSettings[] = [
  input('kyoka.consents.v1'),
  input('kyoka.suspensions.v1'),
  input('kyoka.orders.v1'),
  input('kyoka.feedback.v1'),
  output('kyoka.permissions.v1', { compacted: true, retentionMs: null }),
  output('kyoka.suspension-progress.v1'),
  output('kyoka.releases.v1'),
  output('kyoka.dead-letters.v1', { partitions: 1 }),
  // One of the two places outside the database that prove its chains: it never forgets.
  output('kyoka.checkpoints.v1', { partitions: 1, retentionMs: null }),
];
