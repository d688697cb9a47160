import { boolean, byDefault, key, text } from '../columns.js';
import { table } from '../table.js';

export const vault = table(
  'permissions.vault',
  {
    single: key(byDefault(boolean(), true)),
    id: text(),
  },
  { checks: { vault_single_check: 'single' } },
);
