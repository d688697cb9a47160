import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASON_CODES } from '@kyoka/decision';
import { parse } from 'yaml';

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

/** What a requirement may point into. */
export interface Grounds {
  readonly policy: unknown;
  readonly legal: unknown;
  readonly api: unknown;
}

const ROOT = join(import.meta.dirname, '../..');
const STATES = ['enforced', 'recorded', 'shown', 'later', 'outside'];

const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
export const readYaml = (path: string): unknown => parse(text(path));

/** The node at a path like `/purposes/order`; entries of a list are found by their id. */
const at = (node: unknown, path: string): unknown =>
  path
    .split('/')
    .slice(1)
    .reduce<unknown>((held, part) => {
      if (Array.isArray(held)) return held.find((entry: { id?: string }) => entry.id === part);
      return (held as Record<string, unknown> | null | undefined)?.[part];
    }, node);

/** Whether the file says nothing there: left out, null or an empty list. */
const silent = (node: unknown): boolean =>
  node === undefined || node === null || (Array.isArray(node) && node.length === 0);

/** Whether a case of the golden files gives this as its whole reason. */
const hasCase = (path: string, title: string): boolean => reasonsIn(path).has(title);

const read = new Map<string, ReadonlySet<string>>();
function reasonsIn(path: string): ReadonlySet<string> {
  const held =
    read.get(path) ?? new Set((parse(text(path)) as { why: string }[]).map(({ why }) => why));
  read.set(path, held);
  return held;
}

function testFault(named: string): string | undefined {
  const [path = '', ...words] = named.split(' > ');
  const title = words.join(' > ');
  if (!existsSync(join(ROOT, path))) return `no such test file: ${path}`;
  const held = path.endsWith('.cases.yaml') ? hasCase(path, title) : text(path).includes(title);
  return title !== '' && held ? undefined : `no such test title: ${title}`;
}

/** What each kind of `by` has to be found in. */
const KINDS: Readonly<Record<string, (name: string, grounds: Grounds) => boolean>> = {
  rule: (name) => (REASON_CODES as readonly string[]).includes(name),
  policy: (name, { policy }) => !silent(at(policy, name)),
  silent: (name, { policy }) => name.startsWith('/') && silent(at(policy, name)),
  legal: (name, { legal }) => !silent(at(legal, name)),
  file: (name) => name !== '' && existsSync(join(ROOT, name)),
  api: (name, { api }) => (api as { paths: object }).paths[name as never] !== undefined,
};

function byFault(by: string, grounds: Grounds): string | undefined {
  const [kind = '', name = ''] = by.split(/:(.*)/s);
  const found = KINDS[kind];
  if (!found) return `of no kind: ${by}`;
  return found(name, grounds) ? undefined : `not found: ${by}`;
}

/** What a state asks of an entry. */
const ASKED: readonly (readonly [string, (entry: Requirement) => boolean])[] = [
  ['no such state', ({ state }) => STATES.includes(state)],
  ['by nothing', ({ by }) => by.length > 0],
  ['enforced without a test', ({ state, tests }) => state !== 'enforced' || tests.length > 0],
  [
    'enforced by no rule and no code',
    ({ state, by }) => state !== 'enforced' || by.some((one) => /^(rule|file|api):/.test(one)),
  ],
  ['shown without a test', ({ state, tests }) => state !== 'shown' || tests.length > 0],
  [
    'does not say why',
    ({ state, why }) => !['later', 'outside'].includes(state) || (why ?? '') !== '',
  ],
];

/** What is wrong with one requirement, as words; nothing when all holds. */
export function faultsOf(entry: Requirement, grounds: Grounds): string[] {
  const sections = (at(grounds.policy, '/policy/text/sections') ?? {}) as Record<string, string>;
  return [
    ...entry.tests.map(testFault),
    ...entry.by.map((by) => byFault(by, grounds)),
    ...entry.section
      .split('; ')
      .map((one) => (one === 'absent' || one in sections ? undefined : `no such section: ${one}`)),
    ...ASKED.map(([fault, holds]) => (holds(entry) ? undefined : fault)),
  ].filter((fault) => fault !== undefined);
}
