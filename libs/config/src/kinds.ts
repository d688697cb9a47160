import { isIP } from 'node:net';
import { z } from 'zod';

/**
 * The kinds of values a variable can hold: how its text is read, and in words what is expected.
 * What is wrong with a value is never told, only what was expected, since a value may be a secret.
 */
export interface Kind<T> {
  readonly expected: string;
  readonly schema: z.ZodType<T, string>;
}

const kind = <T>(expected: string, schema: z.ZodType<T, string>): Kind<T> => ({ expected, schema });

export function integer(min: number, max: number): Kind<number> {
  const digits = z.string().regex(/^\d{1,12}$/);
  return kind(
    `a whole number from ${min} to ${max}`,
    digits.transform(Number).pipe(z.int().min(min).max(max)),
  );
}

export function oneOf<const T extends string>(...words: readonly [T, ...T[]]): Kind<T> {
  return kind(`one of ${words.join(', ')}`, z.enum(words) as unknown as z.ZodType<T, string>);
}

export const text = kind('a text without line breaks', z.string().regex(/^[^\r\n]{1,4096}$/));

const path = z.string().regex(/^[^\0\r\n]{1,4096}$/);

export const folder = kind('a path of a folder', path);

export const file = kind('a path of a file', path);

export const twoFolders = kind(
  'two paths of folders, separated by a comma',
  list(z.string().regex(/^[^\0\r\n,]{1,4096}$/)).pipe(z.tuple([z.string(), z.string()])),
);

/** `WORD=ROLE` pairs, as a map. */
export function wordsTo<T extends string>(
  ...targets: readonly [T, ...T[]]
): Kind<ReadonlyMap<string, T>> {
  const pair = z.string().regex(/^[^=,\s][^=,]{0,254}=[a-z]{1,64}$/);
  return kind(
    `WORD=ROLE pairs, separated by commas; a role is one of ${targets.join(', ')}`,
    list(pair)
      .transform((pairs) => pairs.map((one) => one.split('=') as [string, T]))
      .refine((pairs) => pairs.every(([, target]) => targets.includes(target)))
      .transform((pairs) => new Map(pairs)),
  );
}

export const yesOrNo = kind(
  'yes or no',
  z.enum(['yes', 'no']).transform((word) => word === 'yes'),
);

export const digits = kind('digits only', z.string().regex(/^\d{1,20}$/));

export const instance = kind(
  'a name of lower-case letters, digits and hyphens, at most 40',
  z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/),
);

export const listenAddress = kind(
  'an address of this machine, such as 127.0.0.1 or 0.0.0.0',
  z.string().refine((value) => isIP(value) !== 0),
);

export const networks = kind(
  'addresses or networks such as 10.0.0.7 or 10.1.0.0/16, separated by commas',
  list(z.string().refine(isNetwork)),
);

/** An address, alone or with the length of its prefix (RFC 4632, RFC 4291). */
function isNetwork(value: string): boolean {
  const [address = '', prefix, ...more] = value.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
  );
}

export const brokers = kind(
  'one or more HOST:PORT, separated by commas',
  list(z.string().regex(/^[\w.-]+:\d{1,5}$/)),
);

export const topics = kind(
  'names of topics such as kyoka.orders.v1, separated by commas',
  list(z.string().regex(/^kyoka\.[a-z0-9.-]{1,100}$/)),
);

export const databaseAddress = kind(
  'an address such as postgres://user:password@host:5432/database',
  address(['postgres:', 'postgresql:'], { withCredentials: true }),
);

/** A login of the database that `migrate` makes, taken from the address of whoever logs in. */
export interface DatabaseLogin {
  readonly user: string;
  readonly password: string;
}

export const databaseLogin = kind(
  'an address such as postgres://user:password@host:5432/database, with a user of lower-case letters, digits and underscores and a password of 16 or more ASCII characters',
  address(['postgres:', 'postgresql:'], { withCredentials: true })
    .transform((value): DatabaseLogin => {
      const { username, password } = new URL(value);
      return { user: decoded(username), password: decoded(password) };
    })
    .refine(
      ({ user, password }) =>
        /^[a-z_][a-z0-9_]{0,62}$/.test(user) && /^[\x21-\x7e]{16,256}$/.test(password),
    ),
);

/** Percent-encoding resolved; nothing where it is malformed, which no pattern takes. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

export const mailAddress = kind(
  'an address such as smtps://user:password@host:465, or smtp:// on port 587',
  address(['smtps:', 'smtp:'], { withCredentials: true }),
);

export const mailbox = kind(
  'a mailbox such as Kyoka <privacy@shop.example>',
  z
    .string()
    .regex(/^(?:[^<>@"\r\n]{0,100} <[^<>@\s]{1,64}@[\w.-]{1,253}>|[^<>@\s]{1,64}@[\w.-]{1,253})$/),
);

export const httpAddress = kind(
  'an https address, or http on this machine, without user, password, query or fragment',
  address(['https:', 'http:'], { withCredentials: false }),
);

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function address(protocols: readonly string[], { withCredentials }: { withCredentials: boolean }) {
  return z.string().refine((value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url === undefined || !protocols.includes(url.protocol) || url.hostname === '') return false;
    if (withCredentials) return true;
    const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
    return bare && (url.protocol === 'https:' || LOOPBACK.test(url.hostname));
  });
}

function list(item: z.ZodType<string, string>) {
  return z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .pipe(z.array(item).min(1).max(100));
}
