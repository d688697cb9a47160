import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CONSENT, measureIntake } from './rows/intake.js';
import { openSystem } from './system.js';
import { type BenchRow, tableOf } from './table.js';

const { values } = parseArgs({ options: { json: { type: 'string' }, quick: { type: 'boolean' } } });
const size = values.quick ? { events: 1_000, turns: 1 } : { events: 8_000, turns: 5 };
const progress = (text: string) => void process.stderr.write(`${text}\n`);

const system = await openSystem([CONSENT]);
const rows: BenchRow[] = [];
try {
  // The people of the first pass are those already known in the second.
  for (const [id, what] of [
    ['intake-new', 'consents of new people, from Kafka to committed state'],
    ['intake-known', 'consents of people already known'],
  ] as const) {
    const first = (turn: number) => (turn + 1) * size.events;
    const measured = await measureIntake(system, id.replace('-', '_'), size, first, progress);
    rows.push({ id, what, unit: 'events/s', ...measured });
  }
} finally {
  await system.close();
}
process.stdout.write(tableOf(rows));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ rows })}\n`);
