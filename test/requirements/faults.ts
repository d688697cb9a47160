import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASON_CODES } from '@kyoka/decision';

/** One requirement of a published policy, and what shows that it is met. */
export interface Requirement {
  id: string;
  says: string;
  section: string;
  state: string;
  by: string[];
  why?: string;
  tests: string[];
}

const ROOT = join(import.meta.dirname, '../..');
const STATES = ['enforced', 'recorded', 'shown', 'later', 'outside'];

/** The node at a dotted path; entries of a list are found by their id. */
const at = (node: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((held, part) => {
    if (Array.isArray(held)) return held.find((entry: { id?: string }) => entry.id === part);
    return (held as Record<string, unknown> | undefined)?.[part];
  }, node);

function testFault(named: string): string | undefined {
  const [path = '', title = ''] = named.split(' > ');
  if (!existsSync(join(ROOT, path))) return 'no such test file';
  const held = readFileSync(join(ROOT, path), 'utf8');
  const whole = path.endsWith('.cases.yaml')
    ? [`why: ${title} }`, `why: "${title}" }`, `why: '${title}' }`]
    : [title];
  return title !== '' && whole.some((text) => held.includes(text))
    ? undefined
    : 'no such test title';
}

function byFault(by: string, policy: unknown): string | undefined {
  const [kind, name = ''] = by.split(':');
  if (kind === 'rule')
    return (REASON_CODES as readonly string[]).includes(name) ? undefined : 'no such reason';
  if (kind === 'policy')
    return at(policy, name) === undefined ? 'no such field of the policy' : undefined;
  return 'neither rule nor policy';
}

/** What is wrong with one requirement, as words; nothing when all holds. */
export function faultsOf(entry: Requirement, policy: unknown): string[] {
  const faults = [
    ...entry.tests.map(testFault),
    ...entry.by.map((by) => byFault(by, policy)),
    STATES.includes(entry.state) ? undefined : 'no such state',
    entry.state === 'enforced' && entry.tests.length === 0 ? 'enforced without a test' : undefined,
    ['later', 'outside'].includes(entry.state) && !entry.why ? 'does not say why' : undefined,
  ];
  return faults.filter((fault) => fault !== undefined);
}
