import { formatInstant, type Instant } from '@kyoka/kernel';
import {
  parsePolicy,
  type Policy,
  type PolicyFile,
  policyKey,
  type PolicySet,
} from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';

/** A policy version that two people have switched on once, or still have. */
interface LiveVersion {
  readonly id: string;
  readonly switched_on: boolean;
  readonly live_since: Date;
  /** Of the file as it went live; null where it went live before files were kept. */
  readonly file_sha256: string | null;
}

/**
 * The policies that two people have switched on, with every source contract and legal pack. A version
 * is what it was when it went live: where the deployed file is another, broken or gone, the stored one
 * counts. `known` holds every version that was ever in force, so that data taken in under it is still
 * understood.
 *
 * @param db under either role of a context
 * @param set as it is deployed
 */
export const policiesInForce = (db: Queryable, set: PolicySet): Promise<PolicySet> =>
  policiesInForceAt(db, set, Infinity);

/** The same at a moment: those that were switched on then, as they went live. */
export async function policiesInForceAt(
  db: Queryable,
  set: PolicySet,
  at: Instant,
): Promise<PolicySet> {
  const versions = await liveVersions(db, at);
  const known = await asTheyWentLive(db, set, versions);
  const on = new Set(versions.filter((one) => one.switched_on).map(({ id }) => id));
  return {
    ...set,
    policies: new Map([...known].filter(([id]) => on.has(id))),
    known,
    files: filesOf(set, versions),
    liveSince: new Map(versions.map((one) => [one.id, one.live_since.getTime()])),
  };
}

/** Every version that is deployed or was ever in force, as it went live. */
export async function policiesKnown(db: Queryable, set: PolicySet): Promise<PolicySet> {
  const known = await asTheyWentLive(db, set, await liveVersions(db));
  return { ...set, policies: new Map([...set.policies, ...known]), known };
}

const liveVersions = (db: Queryable, at: Instant = Infinity): Promise<LiveVersion[]> =>
  db.query<LiveVersion>(
    `select a.id, (array_agg(a.act order by a.seq desc))[1] = 'approved' as switched_on,
       min(a.at) filter (where a.act = 'approved') as live_since, v.file_sha256
     from audiences.v_policy_act a left join audiences.v_policy_version v on v.id = a.id
     where a.at <= $1 group by a.id, v.file_sha256 having bool_or(a.act = 'approved') order by a.id`,
    [at === Infinity ? 'infinity' : formatInstant(at)],
  );

/** The files of a set, those of versions that went live as they did then. */
function filesOf(set: PolicySet, versions: readonly LiveVersion[]): PolicySet['files'] {
  const { texts } = PARSED.get(set.policies) ?? { texts: new Map<string, string>() };
  const stored = versions.flatMap(({ id, file_sha256: sha256 }): [string, PolicyFile][] => {
    const text = texts.get(id);
    return isDeployed(set, id, sha256) || text === undefined || sha256 === null
      ? []
      : [[id, { name: id, text, sha256 }]];
  });
  return stored.length === 0 ? set.files : new Map([...set.files, ...stored]);
}

const isDeployed = (set: PolicySet, id: string, hash: string | null): boolean =>
  set.policies.has(id) && (hash === null || set.files.get(id)?.sha256 === hash);

async function asTheyWentLive(
  db: Queryable,
  set: PolicySet,
  versions: readonly LiveVersion[],
): Promise<Map<string, Policy>> {
  const stored = await storedPolicies(
    db,
    set,
    versions.filter(({ id, file_sha256: hash }) => !isDeployed(set, id, hash)).map(({ id }) => id),
  );
  return new Map(
    versions.flatMap(({ id, file_sha256: hash }): [string, Policy][] => {
      const policy = isDeployed(set, id, hash) ? set.policies.get(id) : stored.get(id);
      return policy ? [[id, policy]] : [];
    }),
  );
}

/** What was parsed once; a stored file never changes, so it is read once for a deployed set. */
const PARSED = new WeakMap<
  PolicySet['policies'],
  { readonly policies: Map<string, Policy>; readonly texts: Map<string, string> }
>();

async function storedPolicies(
  db: Queryable,
  { policies }: PolicySet,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Policy>> {
  const read = PARSED.get(policies) ?? { policies: new Map(), texts: new Map() };
  PARSED.set(policies, read);
  const { policies: parsed, texts } = read;
  const wanted = ids.filter((id) => !parsed.has(id));
  if (wanted.length > 0) {
    const rows = await db.query<{ id: string; file: string }>(
      'select id, file from audiences.v_policy_version where id = any ($1)',
      [wanted],
    );
    for (const { id, file } of rows) {
      const one = parsePolicy(file, id);
      if (!one.ok || policyKey(one.policy) !== id) continue;
      parsed.set(id, one.policy);
      texts.set(id, file);
    }
  }
  return parsed;
}
