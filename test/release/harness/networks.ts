import { createSecretKey } from 'node:crypto';
import { googleConnector } from '@kyoka/connector-google';
import type { Connector } from '@kyoka/connector-kit';
import { metaConnector } from '@kyoka/connector-meta';
import type { Clock } from '@kyoka/kernel';
import { SANDBOX_CREDENTIALS, type Sandbox } from '@kyoka/sandbox';
import { type Network, TIMING } from './words.js';

/** The real connectors of both networks, pointed at the sandbox. */
export function connectTo(sandbox: Sandbox, clock: Clock): Map<Network, Connector> {
  const { google, meta } = SANDBOX_CREDENTIALS;
  return new Map([
    [
      'google',
      googleConnector({
        baseUrl: sandbox.urls.google,
        operatingAccountId: google.accountId,
        token: async () => google.token,
        termsAccepted: true,
        clock,
        timing: TIMING,
      }),
    ],
    [
      'meta',
      metaConnector({
        baseUrl: sandbox.urls.meta,
        adAccountId: meta.adAccountId,
        token: async () => meta.token,
        appSecret: createSecretKey(meta.appSecret, 'utf8'),
        clock,
        timing: TIMING,
      }),
    ],
  ]);
}
