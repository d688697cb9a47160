import { instant, key, text, word } from '../columns.js';
import { table } from '../table.js';

export const term = table('permissions.term', {
  kind: key(word('consent', 'source')),
  name: key(text()),
  over_before: instant(),
});
