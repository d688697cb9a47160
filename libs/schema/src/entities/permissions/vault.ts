import { boolean, byDefault, integer, key, text } from '../columns.js';
import { table } from '../table.js';

export const vault = table(
  'permissions.vault',
  {
    single: key(byDefault(boolean(), true)),
    id: text(),
    /** Counts changes of the bucket keys. */
    generation: byDefault(integer(), 0),
  },
  { checks: { vault_single_check: 'single' } },
);
