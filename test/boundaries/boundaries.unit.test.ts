import { beforeAll, describe, expect, it } from 'vitest';
import { run, tool, type Files } from './planted-tree.js';

/** One violation: the rule that must see it, where it lies, and what it says. */
type Violation = readonly [rule: string, file: string, text: string];

/** Every violation in a file of its own, so that one run of a tool sees them all. */
function filesOf(violations: readonly Violation[]): Files {
  return Object.fromEntries(violations.map(([, file, text]) => [file, `${text}\n`]));
}

describe('imports', () => {
  const cruise = (files: Files, floor = 5) =>
    run(files, [tool('.kit/check-boundaries.mjs'), '.', String(floor)]);

  const VIOLATIONS: readonly Violation[] = [
    ['pure-stays-pure', 'libs/policy/src/a1.ts', "import 'node:fs';"],
    ['pure-stays-pure', 'libs/policy/src/a2.ts', "import '@nestjs/common';"],
    ['pure-stays-pure', 'libs/policy/src/a3.ts', "import '@kyoka/postgres';"],
    [
      'pure-stays-pure',
      'libs/policy/src/a4.ts',
      "import type { Client } from 'pg'; export type X = Client;",
    ],
    [
      'connectors-know-the-kit-only',
      'libs/connectors/meta/src/b1.ts',
      "import '@kyoka/connector-google';",
    ],
    ['connectors-know-the-kit-only', 'libs/connectors/meta/src/b2.ts', "import '@kyoka/postgres';"],
    ['apps-are-imported-by-nobody', 'apps/two/src/c1.ts', "import '../../one/src/main.js';"],
    [
      'apps-are-imported-by-nobody',
      'libs/release/src/c2.ts',
      "import '../../../apps/one/src/main.js';",
    ],
    ['apps-only-wire', 'apps/one/src/d1.ts', "import 'zod';"],
    ['apps-only-wire', 'apps/one/src/d2.ts', "import 'node:http';"],
    ['through-the-public-entry', 'libs/release/src/e1.ts', "import '../../policy/src/inner.js';"],
    ['testing-is-for-tests', 'libs/release/src/f1.ts', "import '@kyoka/testing';"],
    ['testing-is-for-tests', 'libs/release/src/f2.ts', "import '../../../test/some.js';"],
    ['framework-at-the-edge', 'libs/release/src/g1.ts', "import '@nestjs/common';"],
    ['one-door-to-postgres', 'libs/release/src/h1.ts', "import 'pg';"],
    ['one-door-to-kafka', 'libs/release/src/i1.ts', "import 'kafkajs';"],
    ['declared', 'libs/postgres/src/j1.ts', "import 'yaml';"],
    ['resolvable', 'libs/release/src/k1.ts', "import './nowhere.js';"],
    ['no-cycle', 'libs/release/src/l1.ts', "import './l2.js';"],
  ];

  let output: string;
  beforeAll(() => {
    // A cycle is reported once, at one of its files.
    const other = { 'libs/release/src/l2.ts': "import './l1.js';\n" };
    ({ output } = cruise({ ...filesOf(VIOLATIONS), ...other }));
  });

  it.each(VIOLATIONS)('%s: %s may not say %s', (rule, file) => {
    expect(output).toContain(`${rule}: ${file} -> `);
  });

  it('of a tree without a fault are fine, and those of a test may be more', () => {
    const test = "import 'node:fs';\nimport '@kyoka/testing';\n";
    expect(cruise({ 'libs/policy/src/x.test.ts': test })).toEqual({ status: 0, output: '' });
  });

  it('that were not seen fail: a cruiser that reads nothing finds nothing', () => {
    expect(cruise({}, 500)).toMatchObject({
      status: 1,
      output: expect.stringMatching(/only \d+ modules seen/),
    });
  });
});

describe('the linter', () => {
  const lint = (files: Files) =>
    run(files, [
      tool('node_modules/oxlint/bin/oxlint'),
      '--type-aware',
      '--format',
      'unix',
      'apps',
      'libs',
      'test',
    ]);

  const INEXHAUSTIVE =
    "export function f(x: 'a' | 'b') { switch (x) { case 'a': return 1; } return 2; }";
  const BRANCHES = Array.from({ length: 12 }, (_, n) => `if (x === ${n}) return ${n * 2};`).join(
    ' ',
  );

  const VIOLATIONS: readonly Violation[] = [
    ['no-restricted-properties', 'libs/policy/src/a1.ts', 'export const at = Date.now();'],
    ['no-hidden-clock', 'libs/policy/src/a2.ts', 'export const at = new Date();'],
    ['no-hidden-clock', 'libs/policy/src/a3.ts', 'export const at = Date();'],
    ['no-restricted-properties', 'libs/policy/src/a4.ts', 'export const chance = Math.random();'],
    ['no-restricted-globals', 'libs/policy/src/a5.ts', 'export const secret = process.env;'],
    ['no-restricted-globals', 'libs/policy/src/a6.ts', "export const bytes = Buffer.from('');"],
    ['no-restricted-globals', 'libs/policy/src/a7.ts', 'setTimeout(() => undefined, 1);'],
    [
      'no-restricted-globals',
      'libs/policy/src/a8.ts',
      "export const answer = fetch('http://127.0.0.1');",
    ],
    ['no-restricted-globals', 'libs/policy/src/a9.ts', 'export const all = globalThis;'],
    [
      'no-nodejs-modules',
      'libs/policy/src/a10.ts',
      "import fs from 'node:fs'; export const read = fs;",
    ],
    ['no-console', 'libs/policy/src/a11.ts', "console.log('x');"],
    ['no-console', 'libs/release/src/b1.ts', "console.log('x');"],
    [
      'no-floating-promises',
      'libs/release/src/b2.ts',
      'export async function later() {}\nlater();',
    ],
    ['switch-exhaustiveness-check', 'libs/release/src/b3.ts', INEXHAUSTIVE],
    ['no-explicit-any', 'libs/release/src/b4.ts', 'export const x: any = 1;'],
    ['ban-ts-comment', 'libs/release/src/b5.ts', '// @ts-ignore\nexport const x: string = 1;'],
    ['no-default-export', 'libs/release/src/b6.ts', 'export default 1;'],
    [
      'consistent-type-imports',
      'libs/release/src/b7.ts',
      "import { schema } from '@kyoka/policy';\nexport type T = typeof schema;",
    ],
    [
      'no-cycle',
      'libs/release/src/b8.ts',
      "import { y } from './b9.js';\nexport const x = () => y;",
    ],
    [
      'no-cycle',
      'libs/release/src/b9.ts',
      "import { x } from './b8.js';\nexport const y = () => x;",
    ],
    ['complexity', 'apps/one/src/c1.ts', `export function f(x: number) { ${BRANCHES} return 0; }`],
  ];

  let output: string;
  beforeAll(() => {
    ({ output } = lint(filesOf(VIOLATIONS)));
  });

  it.each(VIOLATIONS)('%s: %s may not say %s', (rule, file) => {
    const said = output.split('\n').filter((line) => line.startsWith(`${file}:`));
    expect(said.join('\n')).toContain(rule);
  });

  it('finds nothing in a tree without a fault, and knows moments that were handed in', () => {
    const text = 'export const text = (at: number) => new Date(at).toISOString();\n';
    expect(lint({ 'libs/policy/src/x.ts': text }).status).toBe(0);
  });
});

it('the compiler gives pure packages no surroundings', () => {
  const compile = (text: string) =>
    run({ 'libs/policy/src/x.ts': `export const x = ${text};\n` }, [
      tool('node_modules/typescript/bin/tsc'),
      '--noEmit',
      '--composite',
      'false',
      '-p',
      'libs/policy',
    ]);
  expect(compile('1')).toEqual({ status: 0, output: '' });
  expect(compile('process.pid').output).toContain("Cannot find name 'process'");
});

it('secrets go to node:crypto as keys, not as bytes or text', () => {
  const lines = [
    "createHmac('sha256', createSecretKey(bytes));",
    "createHmac('sha256', bytes);",
    "createHmac('sha256', 'secret');",
    "createCipheriv('aes-256-gcm', new Uint8Array(32), bytes);",
    "crypto.createDecipheriv('aes-256-gcm', bytes, bytes);",
  ];
  const names = 'createHmac, createCipheriv, createSecretKey';
  const text = [
    `import crypto, { ${names} } from 'node:crypto'; const bytes = Buffer.alloc(32);`,
    ...lines,
  ].join('\n');
  const { status, output } = run({ 'libs/release/src/x.ts': text }, [
    tool('.kit/check-keys.mjs'),
    'libs/release/src/x.ts',
  ]);
  expect(status).toBe(1);
  expect([...output.matchAll(/x\.ts:(\d+) /g)].map(([, line]) => line)).toEqual([
    '3',
    '4',
    '5',
    '6',
  ]);
});

it('an export that nobody imports is found', () => {
  const files = {
    'libs/release/src/index.ts': "export { used } from './x.js';\n",
    'libs/release/src/x.ts': 'export const used = 1;\nexport const dead = 2;\n',
  };
  const { output } = run(files, [
    tool('node_modules/knip/bin/knip.js'),
    '--no-config-hints',
    '--include',
    'exports',
  ]);
  expect(output).toMatch(/^dead /m);
  expect(output).not.toMatch(/^used /m);
});
