import { instant, key, optional, text } from '../columns.js';
import { table } from '../table.js';

export const policyVersion = table('audiences.policy_version', {
  id: key(text()),
  file_sha256: text(),
  text_sha256: optional(text()),
  file: text(),
  at: instant(),
});
