import { formatInstant } from '@kyoka/kernel';
import { policiesKnown } from '@kyoka/permission-store';
import type { Policy, PolicySet } from '@kyoka/policy';
import { type Pool, type Queryable, queryable } from '@kyoka/postgres';
import type { PolicyVersionsPort } from '../ports.js';

/** A time in which a version was in force. Moments are ISO 8601 in UTC. */
interface InForcePeriod {
  readonly from: string;
  /** Absent while it lasts. */
  readonly until?: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly endedBy?: string;
}

/** One version of a policy and what became of it. */
export interface PolicyVersion {
  /** `id@version`. */
  readonly key: string;
  readonly policy: Policy;
  /** Of the file that counts: the one that went live, else the deployed one. */
  readonly fileSha256?: string;
  readonly state: 'draft' | 'requested' | 'in_force' | 'off';
  /** Oldest first. */
  readonly inForce: readonly InForcePeriod[];
  /** Whether the deployed file is the one that went live; absent where it never did. */
  readonly deployed?: 'same' | 'changed' | 'missing';
}

interface Act {
  readonly id: string;
  readonly act: 'requested' | 'approved' | 'off';
  readonly by_user: string;
  readonly at: Date;
}

/**
 * Every version that is deployed or was ever in force, with when it was and by whom: by id, then by
 * version, the newest first.
 *
 * @param db under either role of a context
 * @param set as it is deployed
 */
export async function policyVersions(db: Queryable, set: PolicySet): Promise<PolicyVersion[]> {
  const { policies } = await policiesKnown(db, set);
  const acts = Map.groupBy(
    await db.query<Act>('select id, act, by_user, at from audiences.v_policy_act order by seq'),
    ({ id }) => id,
  );
  const stored = new Map(
    (
      await db.query<{ id: string; file_sha256: string }>(
        'select id, file_sha256 from audiences.v_policy_version',
      )
    ).map((row) => [row.id, row.file_sha256]),
  );
  return [...policies]
    .map(([key, policy]): PolicyVersion => {
      const ofIt = acts.get(key) ?? [];
      const live = stored.get(key);
      const here = set.files.get(key)?.sha256;
      const fileSha256 = live ?? here;
      return {
        key,
        policy,
        ...(fileSha256 === undefined ? {} : { fileSha256 }),
        state: STATE[ofIt.at(-1)?.act ?? 'none'],
        inForce: periodsOf(ofIt),
        ...(live === undefined ? {} : { deployed: deployedAs(set, key, here === live) }),
      };
    })
    .sort(
      (left, right) =>
        left.policy.policy.id.localeCompare(right.policy.policy.id) ||
        right.policy.policy.version - left.policy.policy.version,
    );
}

const STATE = { none: 'draft', requested: 'requested', approved: 'in_force', off: 'off' } as const;

const deployedAs = (set: PolicySet, key: string, same: boolean) => {
  if (!set.policies.has(key)) return 'missing';
  return same ? 'same' : 'changed';
};

function periodsOf(acts: readonly Act[]): InForcePeriod[] {
  return acts.flatMap(({ act, by_user: approvedBy, at }, index): InForcePeriod[] => {
    if (act !== 'approved') return [];
    const end = acts[index + 1];
    return [
      {
        from: formatInstant(at.getTime()),
        ...(end && { until: formatInstant(end.at.getTime()), endedBy: end.by_user }),
        requestedBy: acts[index - 1]?.by_user ?? approvedBy,
        approvedBy,
      },
    ];
  });
}

/** What `GET /v1/policies` answers. */
export function policyVersionsService(context: {
  /** Under the role `kyoka_audiences`. */
  readonly audiences: Pool;
  readonly policies: PolicySet;
}): PolicyVersionsPort {
  return {
    async list() {
      const versions = await policyVersions(queryable(context.audiences), context.policies);
      return {
        policies: versions.map(({ key, policy, inForce, ...stands }) => ({
          policy: key,
          title: policy.policy.title,
          textDate: policy.policy.text_date,
          ...(policy.policy.text && { textSha256: policy.policy.text.sha256 }),
          ...stands,
          inForce: [...inForce],
        })),
      };
    },
  };
}
