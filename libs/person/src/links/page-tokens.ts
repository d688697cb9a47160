import { randomBytes, randomUUID } from 'node:crypto';
import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { PersonPorts } from '../ports.js';
import { linkDigest } from './link-digest.js';

export type Page = 'preferences' | 'one_click';

/** Purposes x channels that a one-click link stops; `*` stands for all. Empty for the preference page. */
export interface LinkScope {
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
}

export interface LinkGrant {
  readonly page: Page;
  readonly subjectId: string;
  /** Look-up token of the email address that the link is sent to, if the sender said so. */
  readonly contact?: Buffer | undefined;
  readonly scope: LinkScope;
}

/** Whoever holds a valid link. */
export interface LinkHolder {
  readonly id: string;
  readonly subjectId: string;
  readonly contact: Buffer | null;
  readonly scope: LinkScope;
}

export interface MintedLink {
  readonly id: string;
  /** Shown this once. */
  readonly url: string;
  readonly endsAt: Instant;
}

const PATH: Readonly<Record<Page, string>> = { preferences: 'p', one_click: 'u' };

type Ports = Pick<PersonPorts, 'vault' | 'clock' | 'publicUrl' | 'terms'>;

/**
 * Makes links, in one statement for all. A link is 256 random bits; the database keeps their keyed
 * digest, so that a copy of it opens no page.
 *
 * @param by who asked for them
 * @param secretOf the secret of each, by its place; random bytes unless it has to be found again
 */
export async function mintLinks(
  tx: Queryable,
  { vault, clock, publicUrl, terms }: Ports,
  grants: readonly LinkGrant[],
  by: string,
  secretOf: (index: number) => Buffer = () => randomBytes(32),
): Promise<MintedLink[]> {
  const now = clock();
  const links = grants.map((grant, index) => ({
    grant,
    id: randomUUID(),
    token: secretOf(index).toString('base64url'),
    endsAt: now + (grant.page === 'one_click' ? terms.oneClickMs : terms.preferencesMs),
  }));
  await tx.query(
    `insert into permissions.page_token (id, hash, page, subject_id, contact_kind, contact, purposes, channels, made_by, made_at, ends_at)
     select n.id, n.hash, n.page, n.subject_id, case when n.contact is null then null else 'email' end, n.contact,
            array(select jsonb_array_elements_text(n.purposes)), array(select jsonb_array_elements_text(n.channels)),
            $8, $9, n.ends_at
     from unnest($1::uuid[], $2::bytea[], $3::text[], $4::uuid[], $5::bytea[], $6::jsonb[], $7::jsonb[], $10::timestamptz[])
       as n (id, hash, page, subject_id, contact, purposes, channels, ends_at)
     on conflict (hash) do nothing`,
    [
      links.map((link) => link.id),
      links.map((link) => linkDigest(vault, link.token)),
      links.map((link) => link.grant.page),
      links.map((link) => link.grant.subjectId),
      links.map((link) => link.grant.contact ?? null),
      links.map((link) => JSON.stringify(link.grant.scope.purposes)),
      links.map((link) => JSON.stringify(link.grant.scope.channels)),
      by,
      formatInstant(now),
      links.map((link) => formatInstant(link.endsAt)),
    ],
  );
  return links.map(({ id, token, endsAt, grant }) => ({
    id,
    url: `${publicUrl()}/${PATH[grant.page]}/${token}`,
    endsAt,
  }));
}

/**
 * Whose link this is; `undefined` for one that is unknown, past its end, or of the other page. One
 * statement whatever it is, over a digest that nobody outside can steer.
 */
export async function findLink(
  db: Queryable,
  { vault, clock }: Pick<Ports, 'vault' | 'clock'>,
  page: Page,
  token: string,
): Promise<LinkHolder | undefined> {
  const [row] = await db.query<{
    id: string;
    subject_id: string;
    contact: Buffer | null;
    purposes: string[];
    channels: string[];
  }>(
    `select id, subject_id, contact, purposes, channels from permissions.page_token
     where hash = $1 and page = $2 and ends_at > $3`,
    [linkDigest(vault, token), page, formatInstant(clock())],
  );
  return (
    row && {
      id: row.id,
      subjectId: row.subject_id,
      contact: row.contact,
      scope: { purposes: row.purposes, channels: row.channels },
    }
  );
}
