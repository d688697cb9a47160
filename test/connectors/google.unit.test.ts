import { connectorConformance } from '@kyoka/connector-kit/testing';
import { googleConnector } from '@kyoka/connector-google';
import { SANDBOX_CREDENTIALS } from '@kyoka/sandbox';
import { describe, it } from 'vitest';
import { playNetwork, TIMING } from './played-network.js';

const cases = connectorConformance(() =>
  playNetwork('google', (settings) =>
    googleConnector({
      operatingAccountId: SANDBOX_CREDENTIALS.google.accountId,
      termsAccepted: true,
      token: async () => SANDBOX_CREDENTIALS.google.token,
      timing: TIMING,
      ...settings,
    }),
  ),
);

describe('Google keeps the connector contract', () => {
  it.each(cases)('$what', ({ check }) => check());
});
