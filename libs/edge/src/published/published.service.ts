import type { Policy, PolicySet } from '@kyoka/policy';
import { type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { policiesInForce } from '../services/policies-in-force.js';
import { policyVersions } from '../services/policy-versions.js';
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
      return {
        key,
        policy,
        legal,
        text: textOf(policy, set),
        countries: await countries(db),
        versions,
      };
    },
  };
}

const sameId = (one: Policy, other: Policy): boolean => one.policy.id === other.policy.id;
const numberOf = ({ policy }: Policy): number => policy.version;

/** The text that the version was published with; a file of other content is not it. */
function textOf({ policy: { text: stated } }: Policy, { texts }: PolicySet) {
  const text = texts.get(stated?.file ?? '');
  return text?.sha256 === stated?.sha256 ? text : undefined;
}

/** What never went live is nobody's to read. */
async function versionsOf(db: Queryable, set: PolicySet, id: string): Promise<PublishedVersion[]> {
  const versions = await policyVersions(db, set);
  return versions.flatMap(({ key, policy, state, inForce }): PublishedVersion[] => {
    const last = inForce.at(-1);
    if (policy.policy.id !== id || last === undefined) return [];
    const { from: since, until } = last;
    return [
      {
        key,
        policy,
        inForce: state === 'in_force',
        readable: textOf(policy, set) !== undefined,
        since,
        ...(until === undefined ? {} : { until }),
      },
    ];
  });
}

async function countries(db: Queryable): Promise<Map<string, string>> {
  const rows = await db.query<{ id: string; country: string }>(
    'select id, country from audiences.v_recipient where country is not null',
  );
  return new Map(rows.map(({ id, country }) => [id, country]));
}
