import { defineConfig } from 'vitest/config';

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
    projects: [
      // Files share a process, so that the framework and the ORM are loaded once in each.
      project('unit', { testTimeout: 30_000, isolate: false, sequence: { groupOrder: 0 } }),
      // One more than the smallest build machine has cores: much of the time goes to waiting for servers.
      project('int', {
        testTimeout: 60_000,
        hookTimeout: 120_000,
        maxWorkers: 3,
        isolate: false,
        sequence: { groupOrder: 1 },
      }),
      project('browser', {
        testTimeout: 60_000,
        hookTimeout: 120_000,
        maxWorkers: 2,
        sequence: { groupOrder: 2 },
      }),
      project('e2e', {
        testTimeout: 240_000,
        hookTimeout: 240_000,
        // Kills are placed by how long a start takes, so starts run alone.
        fileParallelism: false,
        sequence: { groupOrder: 3 },
      }),
    ],
  },
});
