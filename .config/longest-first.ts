import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest: whichever of them began last would be waited for alone. Those that start the
 * whole service alternate with others.
 */
const LONG = [
  'test/interleaving/interleaving.int.test.ts',
  'test/standalone/first-start.e2e.test.ts',
  'test/intake/kafka-sample.int.test.ts',
  'test/services/services.e2e.test.ts',
  'test/console/pages.browser.test.ts',
  'test/standalone/through-kafka.e2e.test.ts',
  'test/transport/kafka.int.test.ts',
  'test/standalone/killed.e2e.test.ts',
  'test/transport/processes.int.test.ts',
  'test/services/roles.e2e.test.ts',
  'test/release/resume.int.test.ts',
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = LONG.findIndex((file) => moduleId.endsWith(`/${file}`));
  return rank < 0 ? LONG.length : rank;
};

/** The long files of all projects, then project after project, so that a process goes on with its modules. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
