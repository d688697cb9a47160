import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CONSENT, measureIntake } from './rows/intake.js';
import { openSystem } from './system.js';

const { values } = parseArgs({ options: { json: { type: 'string' }, quick: { type: 'boolean' } } });
const say = (text: string) => void process.stderr.write(`${text}\n`);
const system = await openSystem([CONSENT]);
const size = values.quick ? { events: 1_000, turns: 1 } : { events: 8_000, turns: 5 };
const fresh = await measureIntake(system, 'fresh', size, (turn) => (turn + 1) * size.events, say);
const known = await measureIntake(system, 'known', size, (turn) => (turn + 1) * size.events, say);
console.log({ fresh, known });
if (values.json) await writeFile(values.json, JSON.stringify({ fresh, known }));
await system.close();
