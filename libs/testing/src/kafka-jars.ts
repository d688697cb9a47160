import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CACHE = join(ROOT, 'node_modules', '.cache');
const POM = join(ROOT, 'deploy', 'kafka', 'pom.xml');
/** Other jars are named by another file. */
const JARS = join(CACHE, `kafka-${hash('sha256', readFileSync(POM, 'utf8'), 'hex').slice(0, 12)}`);

// Kafka 4 runs on nothing older.
const JAVA = 17;

/**
 * The folder with the jars of a Kafka broker and its consumer of the command line (45, 45 MB), fetched by Maven the first time;
 * `undefined` without Java 17 or newer, or where Maven is missing or can't fetch them.
 */
export async function kafkaJars(): Promise<string | undefined> {
  if ((await javaVersion()) < JAVA) return undefined;
  if (await stat(JARS).catch(() => undefined)) return JARS;
  if (!(await answers('mvn', '-version'))) return undefined;
  await mkdir(CACHE, { recursive: true });
  const fresh = await mkdtemp(`${JARS}-`);
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const fetched = await answers(
    'mvn',
    ...['-B', '-q', '-f', POM, plugin],
    ...['-DincludeScope=runtime', `-DoutputDirectory=${fresh}`],
  );
  // Another run may have fetched them meanwhile; then theirs stay.
  if (fetched) await rename(fresh, JARS).catch(() => stat(JARS));
  await rm(fresh, { recursive: true, force: true });
  return fetched ? JARS : undefined;
}

/** Major version; 0 without Java. */
async function javaVersion(): Promise<number> {
  const { stderr } = await run('java', ['-version']).catch(() => ({ stderr: '' }));
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
}

export function answers(command: string, ...args: string[]): Promise<boolean> {
  return run(command, args).then(
    () => true,
    () => false,
  );
}
