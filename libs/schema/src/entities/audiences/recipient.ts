import { day, instant, json, key, listOf, optional, text, word } from '../columns.js';
import { table } from '../table.js';

export const recipient = table('audiences.recipient', {
  id: key(text()),
  network: optional(text()),
  kind: word('ad_network', 'processor', 'financial_institution', 'joint_user', 'other'),
  basis: optional(word('consent', 'processor', 'joint_use', 'opt_out_filed')),
  contract_ref: optional(text()),
  use_limit_ref: optional(text()),
  items: listOf(text()),
  filing: optional(text()),
  reviewed_at: optional(day()),
  country: optional(text()),
  foreign_basis: optional(text()),
  party: optional(json()),
  registered_by: text(),
  registered_at: instant(),
});
