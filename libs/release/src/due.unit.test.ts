import type { Connector } from '@kyoka/connector-kit';
import { DAY } from '@kyoka/kernel';
import { describe, expect, it } from 'vitest';
import { addTimes, leaseFrom, removalDueBy } from './due.js';
import { DEFAULT_SETTINGS } from './settings.js';
import { capabilitiesForTests } from './capabilities.test.js';

function served(memberLifetimeDays: { min: number; max: number } | null) {
  const capabilities = capabilitiesForTests({ memberLifetimeDays });
  return {
    connectors: new Map([['net', { capabilities } as Connector]]),
    settings: DEFAULT_SETTINGS,
  };
}
const audience = { network: 'net', endsAt: 1_000 * DAY };

describe('a lease', () => {
  it('lasts for our own term, and is renewed before it ends', () => {
    expect(leaseFrom(served(null), audience, 0)).toEqual({ until: 30 * DAY, renewAt: 25 * DAY });
  });

  it('lasts no longer than the network keeps members', () => {
    expect(leaseFrom(served({ min: 1, max: 4 }), audience, 0)).toEqual({
      until: 4 * DAY,
      renewAt: 2 * DAY,
    });
  });

  it('ends with the audience, and then is not renewed', () => {
    expect(leaseFrom(served(null), { ...audience, endsAt: 10 * DAY }, 0)).toEqual({
      until: 10 * DAY,
      renewAt: 10 * DAY,
    });
  });
});

describe('times', () => {
  it('are those that the network declares', () => {
    const { addConfirmation, removalConfirmation } = capabilitiesForTests();
    expect(addTimes(served(null), audience)).toBe(addConfirmation);
    expect(removalDueBy(served(null), audience, 5)).toBe(5 + removalConfirmation.giveUpAfterMs);
  });

  it('are a day where no connector serves the recipient', () => {
    for (const network of [null, 'gone']) {
      expect(removalDueBy(served(null), { network }, 0)).toBe(DAY);
    }
  });
});
