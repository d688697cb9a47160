import { openPublisherKey } from '@kyoka/intake';
import type { ContactKind } from '@kyoka/kernel';
import { openPool, type Queryable, queryable } from '@kyoka/postgres';
import { deriveKeys, openContact } from '@kyoka/publisher';
import type { Vault } from '@kyoka/vault';
import { readCopy } from '../search/read-copy.js';

/** What some keys open of what is sealed somewhere. */
export interface Openings {
  readonly sealed: number;
  /** What was opened, and whose it is, where that is known. */
  readonly opened: readonly { readonly subject?: string; readonly text: string }[];
}

interface SealedContact {
  readonly subject: string;
  readonly kind: ContactKind;
  readonly sealed: Buffer;
}

/** @param url of the database, as its owner */
export async function withCopied<T>(url: string, work: (db: Queryable) => Promise<T>): Promise<T> {
  const pool = await openPool(url, { max: 1, applicationName: 'attack', statementTimeoutMs: 0 });
  try {
    return await work(queryable(pool));
  } finally {
    await pool.destroy();
  }
}

/** Tries every sealed value of a database: contact points, parked originals, publishers' keys. */
export async function openAll(db: Queryable, vault: Vault): Promise<Openings> {
  const contacts = await db.query<SealedContact>(
    'select subject_id as subject, kind, sealed from permissions.contact_point order by 1, 2, token',
  );
  const parked = await db.query<{ id: string; sealed: Buffer }>(
    'select id, sealed from intake.parked',
  );
  const opened: { subject?: string; text: string }[] = [];
  for (const { subject, kind, sealed } of contacts) {
    const text = unless(() => vault.open(sealed, { subject, field: kind }));
    if (text !== undefined) opened.push({ subject, text });
  }
  for (const { id, sealed } of parked) {
    const text = await vault.openParked(sealed, id).catch(() => undefined);
    if (text !== undefined) opened.push({ text: text.toString() });
  }
  const keys = await sealingKeys(db, vault);
  for (const key of keys.values()) opened.push({ text: Buffer.from(key).toString('hex') });
  const publishers = await db.query('select from intake.publisher_key');
  return { sealed: contacts.length + parked.length + publishers.length, opened };
}

/** The keys that the publishers seal contacts with, by key id, where these keys open them. */
export async function sealingKeys(
  db: Queryable,
  vault: Vault,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const rows = await db.query<{
    kid: string;
    sealed: Buffer;
    id: string;
    sources: string[];
    types: string[];
    valid_until: Date;
  }>(
    `select k.kid, k.sealed, p.id, p.sources, p.types, p.valid_until
     from intake.publisher_key k join intake.publisher p on p.id = k.publisher_id`,
  );
  return new Map(
    rows.flatMap(({ kid, sealed, valid_until: until, ...publisher }) => {
      const bound = { ...publisher, validUntil: until.getTime() };
      const key = unless(() => openPublisherKey(vault, sealed, kid, bound));
      return key === undefined ? [] : [[kid, deriveKeys(key).sealKey] as const];
    }),
  );
}

/** What a publisher sealed: compact JWE of `dir`, whose second part is empty. */
const JWE = /(eyJ[\w-]+)\.\.[\w-]+\.[\w-]+\.[\w-]+/g;

/** Tries every contact that a publisher sealed and that lies somewhere in a copy, under the key that it names. */
export async function openContactsIn(
  folder: string,
  keyOf: (kid: string) => Uint8Array | undefined,
): Promise<Openings> {
  const sealed = new Map<string, string>();
  for await (const { bytes } of readCopy(folder)) {
    for (const [jwe, header = ''] of bytes.toString('latin1').matchAll(JWE))
      sealed.set(jwe, header);
  }
  const opened: { text: string }[] = [];
  for (const [jwe, header] of sealed) {
    const named = unless(
      () => JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, string>,
    );
    const { kid = '', ce_id: id = '', source = '', ref = '', kind = '' } = named ?? {};
    const key = keyOf(kid);
    const text = key && (await openContact(jwe, kid, { id, source, ref, kind }, key));
    if (text !== undefined) opened.push({ text });
  }
  return { sealed: sealed.size, opened };
}

function unless<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
