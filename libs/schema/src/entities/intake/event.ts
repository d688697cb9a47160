import { bytes, instant, key, text, word } from '../columns.js';
import { table } from '../table.js';

export const event = table('intake.event', {
  ce_source: key(text()),
  ce_id: key(text()),
  digest: bytes(),
  outcome: word('accepted', 'skipped', 'parked'),
  arrived_at: instant(),
});
