import type { NetworkAccounts, RunningProcess } from '@kyoka/runtime';
import { SANDBOX_CREDENTIALS, startSandbox } from '@kyoka/sandbox';
import type { Vault } from '@kyoka/vault';

export interface OpenedSandbox {
  readonly accounts: NetworkAccounts;
  /** Where mail is handed over, and where a person reads it. */
  readonly mail: { readonly url: string; readonly pageUrl: string };
}

/** Starts the built-in sandbox, unless both networks are reached at an address of their own. */
export async function openSandbox(
  vault: Vault,
  { settings, clock, closing }: RunningProcess,
): Promise<OpenedSandbox | undefined> {
  if (settings.googleUrl && settings.metaUrl) return undefined;
  const sandbox = await startSandbox({
    port: settings.sandboxPort,
    mailPort: settings.sandboxSmtpPort,
    clock,
    folder: settings.sandboxDir,
    digestKey: (matchKey) => vault.mac('sandbox-journal', matchKey).toString('base64url'),
    timing: {
      googleProcessingMs: settings.sandboxGoogleProcessingMs,
      metaProcessingMs: settings.sandboxMetaProcessingMs,
    },
  });
  closing.add('sandbox', () => sandbox.close());
  return {
    accounts: {
      google: { url: sandbox.urls.google, ...SANDBOX_CREDENTIALS.google },
      meta: { url: sandbox.urls.meta, ...SANDBOX_CREDENTIALS.meta },
    },
    mail: sandbox.mail,
  };
}

/** In whose name the sandbox's mailbox gets mail where nobody is named. */
export const SANDBOX_FROM = 'Kyoka <privacy@kyoka.example>';
