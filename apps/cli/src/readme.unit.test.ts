import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { programOf } from './program.js';

const { program } = programOf({
  env: {},
  lines: async function* () {},
  write: () => undefined,
  tell: () => undefined,
});

/** Every command below one, by its words; `isLast` where it has none below itself. */
function below(
  command: Command,
  words: readonly string[] = [],
): { name: string; isLast: boolean }[] {
  return command.commands.flatMap((each) => {
    const path = [...words, each.name()];
    return [{ name: path.join(' '), isLast: each.commands.length === 0 }, ...below(each, path)];
  });
}

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
const table = /\n## Every command\n(.+?)\n## /s.exec(readme)?.[1] ?? '';
const named = [...table.matchAll(/`([a-z -]+)`/g)].map(([, name = '']) => name);

describe('the table of commands in the README', () => {
  const commands = below(program);

  it('names every command that there is, once', () => {
    const expected = commands.filter(({ isLast }) => isLast).map(({ name }) => name);
    expect(expected.length).toBeGreaterThan(30);
    expect(named).toEqual(expect.arrayContaining(expected));
    expect(new Set(named).size).toBe(named.length);
  });

  it('names none that there is not', () => {
    const known = new Set(commands.map(({ name }) => name));
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
