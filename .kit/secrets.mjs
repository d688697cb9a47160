/**
 * Makes the secrets that docker-compose.yml asks for, once: random, in `.kyoka-secrets`, readable by
 * their owner alone. What is there already stays. Needs nothing but Node.
 *
 * `.env` tells compose under which user the services run, so that they may read what is theirs.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chdir, getgid, getuid, stdout } from 'node:process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = '.kyoka-secrets';
const OWNER = 'kyoka_owner';
/** Who logs in to the database: each service by itself, so that what one loses opens no other. */
const LOGINS = ['intake', 'permissions', 'audiences', 'console', 'backup'];
/** Where root makes the secrets, the services run as this user all the same. */
const UNPRIVILEGED = 10_001;

chdir(fileURLToPath(new URL('..', import.meta.url)));
const uid = getuid() || UNPRIVILEGED;
const gid = getgid() || UNPRIVILEGED;

mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
chmodSync(FOLDER, 0o700);
const password = keep('postgres_password', () => randomBytes(24).toString('base64url'));
keep('database_url', () => `postgres://${OWNER}:${password}@postgres:5432/kyoka`);
keep('database_url_local', () => `postgres://${OWNER}:${password}@127.0.0.1:5432/kyoka`);
for (const whose of LOGINS) {
  const own = randomBytes(24).toString('base64url');
  keep(`database_url_${whose}`, () => `postgres://kyoka_${whose}_login:${own}@postgres:5432/kyoka`);
}
keep('kek', () => randomBytes(32).toString('base64url'));
if (getuid() === 0) chownSync(FOLDER, uid, gid);

const env = existsSync('.env') ? readFileSync('.env', 'utf8') : '';
const others = env.split('\n').filter((line) => line !== '' && !/^KYOKA_[UG]ID=/.test(line));
writeFileSync('.env', `${[...others, `KYOKA_UID=${uid}`, `KYOKA_GID=${gid}`].join('\n')}\n`);
stdout.write(
  `secrets in ${FOLDER}, for the user ${uid}: keep them, and kek apart from every backup\n`,
);

function keep(name, make) {
  const path = join(FOLDER, name);
  if (!existsSync(path)) writeFileSync(path, make(), { mode: 0o600 });
  if (getuid() === 0) chownSync(path, uid, gid);
  return readFileSync(path, 'utf8');
}
