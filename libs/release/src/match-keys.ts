import { hash } from 'node:crypto';
import { type Network, networkForm, NETWORKS } from '@kyoka/match-keys';
import { isKyokaError } from '@kyoka/kernel';
import type { Vault } from '@kyoka/vault';
import type { MatchKeyOf } from './ports.js';

const isNetwork = (name: string): name is Network => (NETWORKS as readonly string[]).includes(name);

/**
 * Match keys from sealed contact points, made in memory at the moment of sending (design §2.6). A
 * removal names what was sent, so today's class of the contact point doesn't matter here; the
 * decision has seen it.
 */
export function vaultMatchKeys(vault: Pick<Vault, 'open'>): MatchKeyOf {
  return (network, { subjectId, kind, sealed }) => {
    if (!isNetwork(network)) return undefined;
    try {
      const value = vault.open(sealed, { subject: subjectId, field: kind });
      const form = networkForm(network, kind, { kind, class: 'personal', value, fold: '' });
      return form === undefined ? undefined : hash('sha256', form, 'hex');
    } catch (fault) {
      if (isKyokaError(fault)) return undefined;
      throw fault;
    }
  };
}
