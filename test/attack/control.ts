import { mkdir, writeFile } from 'node:fs/promises';
import { createHmac, hash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Contact, spellings } from './people.js';

/** A leak put somewhere on purpose, and how the attack is to find it. */
export interface PlantedLeak {
  readonly name: string;
  readonly contact: Contact;
  readonly how: string;
}

/**
 * What a careless system leaves: a plain SHA-256 list of all its people, a third each raw, in
 * hexadecimal and in base64.
 */
export async function writeList(folder: string, contacts: readonly Contact[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const digests = contacts.map((contact, n) => {
    const texts = spellings(contact);
    return hash('sha256', texts[n % texts.length] as string, 'buffer');
  });
  const third = (part: number) => digests.filter((_, n) => n % 3 === part);
  await writeFile(join(folder, 'list.bin'), Buffer.concat(third(0)));
  const lines = (encoding: 'hex' | 'base64') => (digest: Buffer) =>
    `${digest.toString(encoding)}\n`;
  await writeFile(join(folder, 'list.csv'), third(1).map(lines('hex')).join(''));
  await writeFile(join(folder, 'list.json'), third(2).map(lines('base64')).join(''));
}

const pgText = (bytes: Buffer): string => `(7,"\\\\x${bytes.toString('hex')}",f)\n`;
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
const hmacUnder = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

type Writing = readonly [name: string, how: string, write: (text: string) => string | Buffer];

/** Every way to leave one value behind that the attack claims to see. */
function writings(key: Buffer, tokenKey: Buffer): readonly Writing[] {
  const digest = (name: string, text: string) => hash(name, text, 'buffer');
  return [
    ['in a log', 'readable', (text) => `{"msg":"mail to ${text}"}\n`],
    ['between zeros', 'readable', (text) => Buffer.from(`\0\0\x05${text}\0\0`)],
    ['in base64', 'readable', (text) => Buffer.from(`x ${text} y`).toString('base64')],
    ['in hexadecimal', 'readable', (text) => pgText(Buffer.from(`x ${text} y`))],
    ['in UTF-16', 'readable', (text) => wide(`x ${text} y`)],
    ['in an address', 'readable', (text) => `GET /find?q=${encodeURIComponent(text)}\n`],
    ['compressed', 'readable', (text) => gzipSync(`{"value":"${text}"}`)],
    ['as SHA-256 in a dump', 'SHA-256', (text) => pgText(digest('sha256', text))],
    [
      'as SHA-256 in a page',
      'SHA-256',
      (text) => Buffer.concat([randomBytes(500), digest('sha256', text), randomBytes(500)]),
    ],
    ['as SHA-1', 'sha1', (text) => `"${digest('sha1', text).toString('hex').toUpperCase()}"`],
    ['as MD5', 'md5', (text) => digest('md5', text).toString('base64url')],
    ['under a key that lies in a compose file', 'HMAC', (text) => hmacUnder(key, text)],
    [
      'under a key that lies in a settings file as it is',
      'HMAC',
      (text) =>
        hmacUnder(
          tokenKey,
          `kyoka contact token v1\0${text.includes('@') ? 'email' : 'phone'}\0${text}`,
        ),
    ],
  ];
}

/**
 * Leaves each of these people behind in another way, beside two keys. Each way has to be found.
 *
 * @param contacts as many as there are ways, or more
 */
export async function writeLeaks(
  folder: string,
  contacts: readonly Contact[],
): Promise<PlantedLeak[]> {
  await mkdir(folder, { recursive: true });
  const [key, tokenKey] = [randomBytes(32), randomBytes(32)];
  await writeFile(join(folder, 'compose.yml'), `    PEPPER: ${key.toString('base64')}\n`);
  await writeFile(join(folder, 'token.key'), Buffer.concat([randomBytes(5), tokenKey]));
  const leaks: PlantedLeak[] = [];
  for (const [n, [name, how, write]] of writings(key, tokenKey).entries()) {
    const contact = contacts[n];
    if (contact === undefined) throw new RangeError('too few people to plant');
    const file = join(folder, `leak-${n}${name === 'compressed' ? '.gz' : ''}`);
    await writeFile(file, write(contact.normalised));
    leaks.push({ name, contact, how });
  }
  return leaks;
}
