import { hash } from 'node:crypto';
import { type Network, networkForm, NETWORKS } from '@kyoka/match-keys';
import { isKyokaError } from '@kyoka/kernel';
import type { Vault } from '@kyoka/vault';
import type { MatchKeyOf } from './ports.js';

const isNetwork = (name: string): name is Network => (NETWORKS as readonly string[]).includes(name);

/**
 * Match keys from sealed contact points, made in memory at the moment of sending (design §2.6). A
 * removal names what was sent, so today's class of the contact point doesn't matter here; the
 * decision has seen it. A value under a key that another process made meanwhile opens once the keys are read again.
 */
export function vaultMatchKeys(vault: Pick<Vault, 'open' | 'refresh'>): MatchKeyOf {
  return (network, contact) => {
    if (!isNetwork(network)) return undefined;
    try {
      return keyOf(vault, network, contact);
    } catch (fault) {
      if (!isKyokaError(fault)) throw fault;
      return fault.code === 'key_missing' ? afterRefresh(vault, network, contact) : undefined;
    }
  };
}

type Sealed = Parameters<MatchKeyOf>[1];

function keyOf(vault: Pick<Vault, 'open'>, network: Network, contact: Sealed): string | undefined {
  const { subjectId, kind, sealed } = contact;
  const value = vault.open(sealed, { subject: subjectId, field: kind });
  const form = networkForm(network, kind, { kind, class: 'personal', value, fold: '' });
  return form === undefined ? undefined : hash('sha256', form, 'hex');
}

async function afterRefresh(
  vault: Pick<Vault, 'open' | 'refresh'>,
  network: Network,
  contact: Sealed,
): Promise<string | undefined> {
  await vault.refresh();
  try {
    return keyOf(vault, network, contact);
  } catch (fault) {
    if (isKyokaError(fault)) return undefined;
    throw fault;
  }
}
