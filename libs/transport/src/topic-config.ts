import { DAY } from '@kyoka/kernel';
import type { TopicSettings } from './topics.js';

const SEGMENT_MS = DAY;

/** How many copies of each record there are, and how many of them acknowledge it; the broker's defaults otherwise. */
export interface Durability {
  readonly replication?: number;
  readonly minInSync?: number;
}

/** The settings that a topic of ours has beside the broker's own (Kafka documentation, topic configs). */
export function topicConfig(
  { direction, retentionMs, compacted }: TopicSettings,
  { minInSync }: Durability = {},
): ReadonlyMap<string, string> {
  return new Map([
    ['cleanup.policy', compacted ? 'compact' : 'delete'],
    ['retention.ms', String(retentionMs ?? -1)],
    ['segment.ms', String(SEGMENT_MS)],
    // A publisher's own time would let a record dated in the future outlive the retention, and a key its end.
    ...(direction === 'in' ? ([['message.timestamp.type', 'LogAppendTime']] as const) : []),
    ...(minInSync === undefined ? [] : ([['min.insync.replicas', String(minInSync)]] as const)),
  ]);
}
