import type { Policy, PolicySet } from '@kyoka/policy';
import { policyKey } from '@kyoka/policy';
import { type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { policiesInForce } from '../services/policies-in-force.js';
import type { PublishedPort, PublishedVersion } from './ports.js';

interface PublishedContext {
  /** Under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  readonly policies: PolicySet;
}

/** What everybody may read of the policies that are in force. It is read anew for each page. */
export function publishedService({ permissions, policies: set }: PublishedContext): PublishedPort {
  const db = queryable(permissions);
  return {
    async inForce() {
      const live = [...(await policiesInForce(db, set)).policies.values()];
      const newest = live.filter(
        (one) => !live.some((other) => sameId(one, other) && numberOf(other) > numberOf(one)),
      );
      return newest.sort((one, other) => one.policy.id.localeCompare(other.policy.id));
    },
    async read(name) {
      const versions = await versionsOf(db, set, name.split('@')[0] ?? '');
      const shown = name.includes('@')
        ? versions.find(({ key }) => key === name)
        : versions.find(({ inForce }) => inForce);
      const legal = shown && set.legal.get(shown.policy.policy.legal_pack);
      if (shown === undefined || legal === undefined) return undefined;
      const { key, policy } = shown;
      const text = set.texts.get(policy.policy.text?.file ?? '');
      return { key, policy, legal, text, countries: await countries(db), versions };
    },
  };
}

const sameId = (one: Policy, other: Policy): boolean => one.policy.id === other.policy.id;
const numberOf = ({ policy }: Policy): number => policy.version;

async function versionsOf(db: Queryable, set: PolicySet, id: string): Promise<PublishedVersion[]> {
  const live = (await policiesInForce(db, set)).policies.values();
  return [...live]
    .filter(({ policy }) => policy.id === id)
    .sort((one, other) => numberOf(other) - numberOf(one))
    .map((policy) => ({ key: policyKey(policy), policy, inForce: true }));
}

async function countries(db: Queryable): Promise<Map<string, string>> {
  const rows = await db.query<{ id: string; country: string }>(
    'select id, country from audiences.v_recipient where country is not null',
  );
  return new Map(rows.map(({ id, country }) => [id, country]));
}
