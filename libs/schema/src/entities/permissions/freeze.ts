import { instant, key, listOf, optional, ownTransaction, text, uuid } from '../columns.js';
import { table } from '../table.js';

export const freeze = table('permissions.freeze', {
  id: key(uuid()),
  purposes: listOf(text()),
  channels: listOf(text()),
  recipients: listOf(text()),
  sources: listOf(text()),
  set_by_role: text(),
  set_by: text(),
  reason: text(),
  at: instant(),
  lifted_at: optional(instant()),
  lifted_by: optional(text()),
  lift_reason: optional(text()),
  tx: ownTransaction(),
});
