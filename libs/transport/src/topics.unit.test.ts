import { DAY } from '@kyoka/kernel';
import { expect, it } from 'vitest';
import { INPUT_RETENTION_LIMIT_MS, TOPICS } from './topics.js';

it('has the topics of the product, each once', () => {
  expect(TOPICS.map(({ name, direction }) => `${direction} ${name}`)).toEqual([
    'in kyoka.consents.v1',
    'in kyoka.suspensions.v1',
    'in kyoka.orders.v1',
    'in kyoka.feedback.v1',
    'out kyoka.permissions.v1',
    'out kyoka.suspension-progress.v1',
    'out kyoka.releases.v1',
    'out kyoka.dead-letters.v1',
    'out kyoka.checkpoints.v1',
  ]);
});

it('keeps no input for 14 days, counting the segment that a record lies in', () => {
  for (const { direction, retentionMs } of TOPICS) {
    if (direction === 'in')
      expect((retentionMs ?? Infinity) + DAY).toBeLessThan(INPUT_RETENTION_LIMIT_MS);
  }
});
