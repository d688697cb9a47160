import { createHash, createHmac, createSecretKey, pbkdf2Sync, randomBytes } from 'node:crypto';

/** PostgreSQL's own number (`scram_iterations`). */
const ITERATIONS = 4_096;

/**
 * What PostgreSQL keeps of a password (RFC 5803), worked out here so that no statement holds the
 * password itself, which a server that logs statements would keep.
 *
 * @param password of ASCII characters, so that SASLprep (RFC 4013) leaves it as it is
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = createSecretKey(pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256'));
  const keyOf = (name: string) => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  const serverKey = keyOf('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
