import { createSecretKey } from 'node:crypto';
import { connectorConformance } from '@kyoka/connector-kit/testing';
import { metaConnector } from '@kyoka/connector-meta';
import { SANDBOX_CREDENTIALS } from '@kyoka/sandbox';
import { describe, it } from 'vitest';
import { playNetwork, TIMING } from './played-network.js';

const cases = connectorConformance(() =>
  playNetwork('meta', (settings) =>
    metaConnector({
      adAccountId: SANDBOX_CREDENTIALS.meta.adAccountId,
      appSecret: createSecretKey(SANDBOX_CREDENTIALS.meta.appSecret, 'utf8'),
      token: async () => SANDBOX_CREDENTIALS.meta.token,
      timing: TIMING,
      ...settings,
    }),
  ),
);

describe('Meta keeps the connector contract', () => {
  it.each(cases)('$what', ({ check }) => check());
});
