import { type ChainSource, storedChains, type StoredEntries } from '@kyoka/evidence';
import type { Queryable } from '@kyoka/postgres';
import { ACT_CHAIN, actContent, type StoredAct } from './acts.js';

/** Blocks read at once; a block holds one act. */
const PAGE = 500;

type ActRow = Omit<StoredAct, 'at'> & { readonly at: Date };

const ACT_ENTRIES: StoredEntries<ActRow> = {
  table: 'access.act',
  content: ({ id, owner, credential, act, target, at, detail }) =>
    actContent({ id, owner, credential, act, target, at: at.getTime(), detail }),
};

/** The chain of what people did as it is stored now, read under the role `kyoka_permissions`. */
export const actChainReader = (db: Queryable): ChainSource =>
  storedChains(db, 'access', { entries: { [ACT_CHAIN]: ACT_ENTRIES }, page: PAGE });
