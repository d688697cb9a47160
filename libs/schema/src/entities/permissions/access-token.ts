import { bytes, instant, key, table, text } from '../table.js';

export const accessToken = table('permissions.access_token', {
  hash: key(bytes()),
  owner: text(),
  starts_at: instant(),
  ends_at: instant(),
  created_at: instant(),
});
