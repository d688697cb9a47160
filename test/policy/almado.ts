import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicy, parsePolicySet } from '@kyoka/policy';

const DEPLOY = join(import.meta.dirname, '../../deploy');

const read = (folder: string) =>
  readdirSync(join(DEPLOY, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ name, text: readFileSync(join(DEPLOY, folder, name), 'utf8') }));

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The files as they are deployed. */
export const files = {
  policies: read('policies'),
  contracts: read('source-contracts'),
  legal: read('legal'),
  texts: read('policies/texts').map((one) => ({ ...one, sha256: hashOf(one.text) })),
};
export const almado = readFileSync(join(DEPLOY, 'policies/almado.yaml'), 'utf8');
export const deployed = parsePolicySet(files);
export const around = deployed.ok
  ? { ...deployed.set, texts: new Map(files.texts.map((one) => [one.name, one])) }
  : undefined;

/** ALMADO's file with one passage changed, and the line on which the change stands. */
export function changed(from: string, to: string): { text: string; line: number } {
  const at = almado.indexOf(from);
  if (at < 0 || almado.includes(from, at + 1)) throw new Error(`not exactly once: ${from}`);
  const text = almado.replace(from, () => to);
  return { text, line: text.slice(0, at).split('\n').length };
}

/** What is said about a policy file beside the deployed ones. */
export const findings = (text: string) => {
  const parsed = parsePolicy(text, 'p.yaml', around);
  return parsed.ok ? parsed.warnings : parsed.faults;
};
