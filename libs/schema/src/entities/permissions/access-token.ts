import { bytes, instant, key, text } from '../columns.js';
import { table } from '../table.js';

export const accessToken = table('permissions.access_token', {
  hash: key(bytes()),
  owner: text(),
  starts_at: instant(),
  ends_at: instant(),
  created_at: instant(),
});
