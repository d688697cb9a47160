import { parsePolicySet, type PolicyFiles, policySheet } from '@kyoka/policy';

/**
 * `kyoka policy show FILE`: the policy as a sheet, each line of it written apart; its errors instead,
 * as `policy check` writes them, where it has any.
 *
 * @param around the source contracts, legal packs and published texts it is read with
 * @returns the exit code: 0, or 1 when the file has an error
 */
export function policyShowCommand(
  file: { readonly name: string; readonly text: string },
  around: Omit<PolicyFiles, 'policies'>,
  write: (line: string) => void,
): number {
  const parsed = parsePolicySet({ ...around, policies: [file] });
  if (!parsed.ok) {
    for (const fault of parsed.faults) write(JSON.stringify(fault));
    return 1;
  }
  for (const policy of parsed.set.policies.values()) {
    const legal = parsed.set.legal.get(policy.policy.legal_pack);
    for (const line of legal ? policySheet(policy, legal).split('\n') : []) write(line);
  }
  return 0;
}
