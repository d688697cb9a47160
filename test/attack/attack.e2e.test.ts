import { expect, it } from 'vitest';
import { runAttack } from './run.js';

it('a copy of a loaded system without its keys gives nobody away, and a plain list everybody', async () => {
  const lines: string[] = [];
  const { counts, faults } = await runAttack({ quick: true, say: (line) => lines.push(line) });
  expect(faults, lines.join('\n')).toEqual([]);
  expect(counts.recovered).toBe(0);
  expect(counts.controlRecovered).toBeGreaterThan(300);
  expect(counts.candidates).toBeGreaterThan(1_000_000);
}, 600_000);
