import { SECOND } from '@kyoka/kernel';
import type { Vault } from '@kyoka/vault';
import type { ProcessParts } from './process-parts.js';

const EVERY_MS = 15 * SECOND;

/** Lets go of keys that another process destroyed, and takes over those that it made. */
export function keepKeysFresh(vault: Vault, { closing, log }: ProcessParts): void {
  const refresh = () =>
    vault.refresh().catch((fault: unknown) => log.error('keys_not_read', { fault }));
  const timer = setInterval(() => void refresh(), EVERY_MS);
  closing.add('keys', async () => clearInterval(timer));
}
