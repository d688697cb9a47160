import { describe, expect, it } from 'vitest';
import { matchKeysCommand } from './match-keys.js';

async function run(lines: readonly string[]) {
  const written: string[] = [];
  const source = (async function* () {
    yield* lines;
  })();
  const exitCode = await matchKeysCommand(source, (line) => written.push(line));
  return { exitCode, answers: written.map((line) => JSON.parse(line) as unknown) };
}

const good = { id: 'v1', network: 'google', identifier: 'email', raw: ' Dana@Example.com' };

describe('kyoka match-keys', () => {
  it('answers every line in order, refusals of a value among them', async () => {
    const lines = [
      good,
      { id: 'v2', network: 'google', identifier: 'regionCode', raw: 'jp' },
      { id: 'v3', network: 'meta', identifier: 'phone', raw: '110' },
      { id: 'v4', network: 'none', identifier: 'email', raw: 'x' },
    ].map((line) => JSON.stringify(line));
    expect(await run(lines)).toEqual({
      exitCode: 0,
      answers: [
        {
          id: 'v1',
          status: 'accepted',
          normalised: 'dana@example.com',
          hash: '07e2f1394b0ea80e2adca010ea8318df697001a005ba7452720edda4b0ce57b3',
        },
        { id: 'v2', status: 'accepted', normalised: 'JP', hash: null },
        { id: 'v3', status: 'rejected', reason: 'emergency' },
        { id: 'v4', status: 'rejected', reason: 'unknown_network' },
      ],
    });
  });

  it.each([
    ['taro@example.jp', '', 'no JSON'],
    ['["taro@example.jp"]', '', 'no object'],
    ['null', '', 'no object'],
    [JSON.stringify({ ...good, raw: undefined }), 'raw', 'field missing'],
    [JSON.stringify({ ...good, raw: 9012345678 }), 'raw', 'a number has lost its zero'],
    [JSON.stringify({ ...good, network: null }), 'network', 'field of another type'],
    [JSON.stringify({ ...good, id: ['dana'] }), 'id', 'field of another type'],
    [JSON.stringify({ ...good, raw: 'x'.repeat(70_000) }), '', 'line too long'],
  ])('refuses %.40s naming the field %j, echoes nothing and goes on: %s', async (line, field) => {
    const { exitCode, answers } = await run([line, JSON.stringify(good)]);
    expect(exitCode).toBe(1);
    expect(answers[0]).toEqual({ status: 'refused', line: 1, field, expected: expect.any(String) });
    expect(JSON.stringify(answers[0])).not.toMatch(/taro|dana|9012345678|xxx/i);
    expect(answers[1]).toMatchObject({ id: 'v1', status: 'accepted' });
  });

  it('passes over blank lines but counts them', async () => {
    const { exitCode, answers } = await run(['', '  ', 'x']);
    expect({ exitCode, answers }).toMatchObject({ exitCode: 1, answers: [{ line: 3 }] });
  });
});
