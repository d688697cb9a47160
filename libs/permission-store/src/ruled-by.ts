import type { PolicySet } from '@kyoka/policy';

/** The files that a decision was taken by, as its record names them. */
export interface RuledBy {
  /** SHA-256 of each file, by the name under which rules point to it. */
  readonly files: Readonly<Record<string, string>>;
  /** SHA-256 of the published text that the policy was written down from. */
  readonly text?: string;
}

/**
 * Names the files that a decision rests on with their hashes, so that its record is explained by them
 * however the deployment has changed since: the policy, its legal pack, and the contract of every
 * source that allowed or forbade.
 */
export function ruledBy(
  set: PolicySet,
  decision: {
    readonly policy: string | null;
    readonly source?: string | undefined;
    readonly reasons: readonly { readonly rule: string }[];
  },
): RuledBy {
  const policy = decision.policy === null ? undefined : set.policies.get(decision.policy);
  if (policy === undefined) return { files: {} };
  const named = [
    decision.policy ?? '',
    policy.policy.legal_pack,
    ...(decision.source === undefined ? [] : [`source-contract:${decision.source}`]),
    ...decision.reasons.map(({ rule }) => rule.split('#')[0] ?? ''),
  ];
  const files = [...new Set(named)].flatMap((name): [string, string][] => {
    const file = set.files.get(name);
    return file === undefined ? [] : [[name, file.sha256]];
  });
  const text = policy.policy.text?.sha256;
  return { files: Object.fromEntries(files), ...(text && { text }) };
}
