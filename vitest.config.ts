import { defineConfig } from 'vitest/config';
import { LongestFirst } from './.config/longest-first.js';

const conditions = ['@kyoka/source', 'module', 'node', 'development|production'];

const project = (name: string, extra = {}) => ({
  extends: true as const,
  test: {
    name,
    include: [
      `{apps,libs}/*/src/**/*.${name}.test.ts`,
      `libs/connectors/*/src/**/*.${name}.test.ts`,
      `test/**/*.${name}.test.ts`,
    ],
    // One more than the smallest build machine has cores: much of the time goes to waiting for servers.
    maxWorkers: 3,
    ...extra,
  },
});

export default defineConfig({
  oxc: {
    decorator: { legacy: true, emitDecoratorMetadata: true },
    jsx: { runtime: 'automatic', importSource: 'preact' },
  },
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@kyoka/source'] } },
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      project('browser', { testTimeout: 60_000, hookTimeout: 120_000 }),
      project('e2e', { testTimeout: 240_000, hookTimeout: 240_000 }),
      // Files of these share a process, so that the framework and the ORM are loaded once in each.
      project('int', { testTimeout: 60_000, hookTimeout: 120_000, isolate: false }),
      project('unit', { testTimeout: 30_000, isolate: false }),
    ],
  },
});
