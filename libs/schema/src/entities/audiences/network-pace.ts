import { instant, integer, key, text } from '../columns.js';
import { table } from '../table.js';

export const networkPace = table('audiences.network_pace', {
  network: key(text()),
  per_ms: key(integer()),
  until: instant(),
  used: integer(),
});
