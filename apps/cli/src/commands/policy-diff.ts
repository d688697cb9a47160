import { parsePolicy, policyDiff } from '@kyoka/policy';

/**
 * `kyoka policy diff OLD NEW`: one line with the grants, purposes and recipients gained and lost.
 * Where a file isn't a policy, its errors are written instead, one a line.
 *
 * @returns the exit code: 0, or 1 when a file has an error
 */
export function policyDiffCommand(
  older: { readonly name: string; readonly text: string },
  newer: { readonly name: string; readonly text: string },
  write: (line: string) => void,
): number {
  const [before, after] = [older, newer].map(({ name, text }) => parsePolicy(text, name));
  if (before?.ok && after?.ok) {
    write(JSON.stringify(policyDiff(before.policy, after.policy)));
    return 0;
  }
  for (const parsed of [before, after]) {
    if (parsed && !parsed.ok) for (const fault of parsed.faults) write(JSON.stringify(fault));
  }
  return 1;
}
