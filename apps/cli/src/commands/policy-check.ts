import { parsePolicy, parsePolicySet, type PolicyFiles, type PolicyFault } from '@kyoka/policy';

/**
 * `kyoka policy check FILE...`: one finding a line (file, pointer, line, column, severity, message),
 * then one line a file with its counts. Points weaker than the law are warnings that name the floor.
 *
 * @param files - the policy files as text
 * @param around - the source contracts, legal packs and published texts they are checked against
 * @returns the exit code: 0, or 1 when a file has an error
 */
export function policyCheckCommand(
  files: readonly { readonly name: string; readonly text: string }[],
  around: Pick<PolicyFiles, 'contracts' | 'legal' | 'texts'>,
  write: (line: string) => void,
): number {
  const surroundings = parsePolicySet({ policies: [], ...around });
  const report = (findings: readonly PolicyFault[]): number => {
    for (const finding of findings) write(JSON.stringify(finding));
    return findings.filter(({ severity }) => severity === 'error').length;
  };
  const texts = new Map(around.texts.map((one) => [one.name, one]));
  let errors = surroundings.ok ? 0 : report(surroundings.faults);
  for (const { name, text } of files) {
    const parsed = parsePolicy(
      text,
      name,
      surroundings.ok ? { ...surroundings.set, texts } : undefined,
    );
    const findings = parsed.ok ? parsed.warnings : parsed.faults;
    const found = report(findings);
    errors += found;
    write(JSON.stringify({ file: name, errors: found, warnings: findings.length - found }));
  }
  return errors > 0 ? 1 : 0;
}
