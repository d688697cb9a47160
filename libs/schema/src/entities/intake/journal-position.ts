import { bigint, key, table, text } from '../table.js';

export const journalPosition = table('intake.journal_position', {
  writer: key(text()),
  position: bigint(),
});
