import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Files by path, in a tree shaped like this repository. */
export type Files = Readonly<Record<string, string>>;

const ROOT = resolve(import.meta.dirname, '..', '..');

/** Packages of the planted tree: their place and what they declare. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'libs/kernel': [],
  'libs/policy': ['@kyoka/kernel', 'zod'],
  'libs/postgres': ['@kyoka/kernel', 'pg'],
  'libs/connector-kit': ['@kyoka/kernel', 'undici'],
  'libs/connectors/google': ['@kyoka/connector-kit'],
  'libs/connectors/meta': ['@kyoka/connector-kit', '@kyoka/connector-google', '@kyoka/postgres'],
  'libs/release': [
    '@kyoka/policy',
    '@kyoka/testing',
    '@kyoka/app-one',
    '@nestjs/common',
    'kafkajs',
    'pg',
  ],
  'libs/testing': ['@kyoka/kernel'],
  'apps/one': ['@kyoka/policy', 'zod'],
  'apps/two': ['@kyoka/app-one'],
};

const CLEAN: Files = {
  'libs/kernel/src/index.ts': 'export const one = 1;\n',
  'libs/policy/src/index.ts':
    "import { one } from '@kyoka/kernel';\nimport { z } from 'zod';\nexport const schema = z.literal(one);\n",
  'libs/policy/src/inner.ts': 'export const inner = 2;\n',
  'libs/postgres/src/index.ts': "export { Client } from 'pg';\n",
  'libs/connector-kit/src/index.ts': 'export const kit = 1;\n',
  'libs/connectors/google/src/index.ts': "export { kit } from '@kyoka/connector-kit';\n",
  'libs/connectors/meta/src/index.ts': "export { kit } from '@kyoka/connector-kit';\n",
  'libs/release/src/index.ts': "export { schema } from '@kyoka/policy';\n",
  'libs/testing/src/index.ts': 'export const fake = 1;\n',
  'apps/one/src/main.ts': "import { schema } from '@kyoka/policy';\nexport const app = schema;\n",
  'apps/two/src/main.ts': 'export {};\n',
  'test/some.ts': 'export {};\n',
};

/**
 * Makes a small tree without a fault but for the files that are planted, runs one of the tools in it and
 * gives all that it said.
 */
export function run(
  files: Files,
  command: readonly string[],
): { readonly status: number | null; readonly output: string } {
  const path = mkdtempSync(join(tmpdir(), 'kyoka-planted-'));
  try {
    plant(path, files);
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: path,
      encoding: 'utf8',
    });
    return { status, output: `${stdout}${stderr}` };
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** The path of a file of this repository. */
export const tool = (name: string) => join(ROOT, name);

function plant(path: string, files: Files): void {
  for (const [file, text] of Object.entries({ ...CLEAN, ...files })) write(join(path, file), text);
  const workspaces = ['libs/*', 'libs/connectors/*', 'apps/*'];
  write(join(path, 'package.json'), JSON.stringify({ private: true, workspaces }));
  for (const copied of ['.oxlintrc.json', '.knip.jsonc', '.config', '.kit']) {
    cpSync(join(ROOT, copied), join(path, copied), { recursive: true });
  }
  linkModules(path);
  for (const [folder, dependencies] of Object.entries(PACKAGES))
    declare(path, folder, dependencies);
}

function declare(path: string, folder: string, dependencies: readonly string[]): void {
  const manifest = {
    name: nameOf(folder),
    version: '0.1.0',
    type: 'module',
    exports: { '.': { '@kyoka/source': './src/index.ts', default: './dist/index.js' } },
    dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])),
  };
  write(join(path, folder, 'package.json'), JSON.stringify(manifest));
  const settings = folder === 'libs/kernel' || folder === 'libs/policy' ? 'pure' : 'base';
  const config = join(path, '.config', `tsconfig.${settings}.json`);
  write(join(path, folder, 'tsconfig.json'), JSON.stringify({ extends: config, include: ['src'] }));
  symlinkSync(join(path, folder), join(path, 'node_modules', nameOf(folder)));
}

function nameOf(folder: string): string {
  return `@kyoka/${folder
    .replace(/^libs\/connectors\//, 'connector-')
    .replace(/^libs\//, '')
    .replace(/^apps\//, 'app-')}`;
}

/** The real dependencies, but the planted packages in place of ours. */
function linkModules(path: string): void {
  mkdirSync(join(path, 'node_modules', '@kyoka'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@kyoka' && !name.startsWith('.')) {
      symlinkSync(join(ROOT, 'node_modules', name), join(path, 'node_modules', name));
    }
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
