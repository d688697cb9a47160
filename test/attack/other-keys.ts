import { randomBytes } from 'node:crypto';
import type { Queryable } from '@kyoka/postgres';
import { deriveKeys } from '@kyoka/publisher';
import { openVault, type Vault } from '@kyoka/vault';
import type { Contact } from './people.js';
import { openAll, openContactsIn, sealingKeys } from './system/openings.js';

export interface KeyTrial {
  /** How many sealed values, contacts on topics and tokens were tried. */
  readonly tried: number;
  readonly opened: number;
}

/** Tries the keys of another deployment, and the system's own beside them: theirs must open everything. */
export async function tryOtherKeys(
  db: Queryable,
  options: {
    readonly own: Vault;
    /** For the keys of the other deployment. */
    readonly keyDir: string;
    readonly copy: string;
    readonly contacts: readonly Contact[];
  },
): Promise<{ readonly others: KeyTrial; readonly own: KeyTrial }> {
  const { own, keyDir, copy, contacts } = options;
  const other = await openVault({ keyDir, create: true });
  const stored = await db.query<{ token: Buffer }>(
    'select distinct token from permissions.contact_point',
  );
  const tokens = new Set(stored.map(({ token }) => token.toString('hex')));
  const found = (vault: Vault): number =>
    contacts.filter(({ kind, normalised }) =>
      tokens.has(vault.token(kind, normalised).toString('hex')),
    ).length;
  const trial = async (vault: Vault, keyOf: (kid: string) => Uint8Array | undefined) => {
    const values = await openAll(db, vault);
    const sealed = await openContactsIn(copy, keyOf);
    return {
      tried: values.sealed + sealed.sealed + contacts.length,
      opened: values.opened.length + sealed.opened.length + found(vault),
    };
  };
  const ofOther = deriveKeys(randomBytes(32)).sealKey;
  const keys = await sealingKeys(db, own);
  return {
    others: await trial(other, () => ofOther),
    own: await trial(own, (kid) => keys.get(kid)),
  };
}
