import { createSecretKey } from 'node:crypto';
import { googleConnector } from '@kyoka/connector-google';
import type { Connector } from '@kyoka/connector-kit';
import { metaConnector } from '@kyoka/connector-meta';
import { SECOND } from '@kyoka/kernel';
import { SANDBOX_CREDENTIALS, startSandbox } from '@kyoka/sandbox';
import type { Vault } from '@kyoka/vault';

const PLAYED_MS = 300;
const TIMING = {
  processingTimeMs: PLAYED_MS + 300,
  firstPollAfterMs: 100,
  giveUpAfterMs: 30 * SECOND,
  pollBackoff: { factor: 2, maxMs: 200 },
};

/** Two networks that a sandbox of its own plays, fast, and what reaches them. */
export async function playNetworks(folder: string, vault: Vault) {
  const clock = () => Date.now();
  const { urls, mail, lists, journal, faults, close } = await startSandbox({
    clock,
    folder,
    digestKey: (matchKey) => vault.mac('sandbox-journal', matchKey).toString('base64url'),
    timing: { googleProcessingMs: PLAYED_MS, metaProcessingMs: PLAYED_MS },
  });
  const { google, meta } = SANDBOX_CREDENTIALS;
  const { processingTimeMs, giveUpAfterMs } = TIMING;
  const connectors = new Map<string, Connector>([
    [
      'google',
      googleConnector({
        baseUrl: urls.google,
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
        baseUrl: urls.meta,
        adAccountId: meta.adAccountId,
        token: async () => meta.token,
        appSecret: createSecretKey(meta.appSecret, 'utf8'),
        clock,
        timing: { processingTimeMs, giveUpAfterMs },
      }),
    ],
  ]);
  return {
    addressOf: (network: string | null) => connectors.get(network ?? '')?.destination,
    connectors,
    mail,
    lists,
    journal,
    faults,
    close,
  };
}
