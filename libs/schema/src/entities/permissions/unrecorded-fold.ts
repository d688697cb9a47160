import { bytes, key } from '../columns.js';
import { table } from '../table.js';

/** Folded contact points with stops from before the ledger recorded everything that they come from. */
export const unrecordedFold = table('permissions.unrecorded_fold', { fold: key(bytes()) });
