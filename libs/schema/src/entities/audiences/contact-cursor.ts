import { boolean, byDefault, key, transaction } from '../columns.js';
import { table } from '../table.js';

export const contactCursor = table(
  'audiences.contact_cursor',
  {
    only_row: key(byDefault(boolean(), true)),
    tx: transaction(),
  },
  { checks: { contact_cursor_only_row_check: 'only_row' } },
);
