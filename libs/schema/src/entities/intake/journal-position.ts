import { bigint, key, text } from '../columns.js';
import { table } from '../table.js';

export const journalPosition = table('intake.journal_position', {
  writer: key(text()),
  position: bigint(),
});
