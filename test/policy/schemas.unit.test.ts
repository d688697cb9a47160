import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const KINDS = [
  ['policies', 'policy', 'grants'],
  ['source-contracts', 'source-contract', 'allows'],
  ['legal', 'legal-pack', 'duties'],
] as const;

/** Every deployed file with the schema that its first line names, as an editor finds it. */
const files = (
  await Promise.all(
    KINDS.map(async ([folder, kind, field]) =>
      (await readdir(join('deploy', folder)))
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => ({ folder: join('deploy', folder), name, kind, field })),
    ),
  )
).flat();

it.each(files)(
  '$folder/$name is valid by the schema that it names, and not with a misspelt field',
  async ({ folder, name, kind, field }) => {
    const text = await readFile(join(folder, name), 'utf8');
    const named = /^# yaml-language-server: \$schema=(.+)\n/.exec(text)?.[1] ?? '';
    expect(named).toBe(`../schemas/${kind}.schema.json`);
    const schema = JSON.parse(await readFile(join(folder, named), 'utf8')) as object;
    // The formats are checked by what reads the file; an editor takes them for hints.
    const valid = new Ajv2020({ validateFormats: false, allErrors: true }).compile(schema);
    valid(parse(text));
    expect(valid.errors).toBeNull();
    const misspelt = text.replace(new RegExp(`^${field}:`, 'm'), `${field}s:`);
    expect(valid(parse(misspelt))).toBe(false);
    expect(valid.errors?.map(({ keyword }) => keyword)).toContain('additionalProperties');
  },
);

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Places of fields that tell an editor nothing. */
const untold = ({ properties = {}, items, anyOf = [] }: Schema, place = ''): string[] => [
  ...Object.entries(properties).flatMap(([name, field]) => [
    ...(field.description === undefined ? [`${place}/${name}`] : []),
    ...untold(field, `${place}/${name}`),
  ]),
  ...[...(items ? [items] : []), ...anyOf].flatMap((part) => untold(part, place)),
];

it.each(KINDS)('every field of %s files is told by the schema', async (_, kind) => {
  const text = await readFile(`deploy/schemas/${kind}.schema.json`, 'utf8');
  const schema = JSON.parse(text) as Schema;
  expect(Object.keys(schema.properties ?? {}).length).toBeGreaterThan(4);
  expect(untold(schema)).toEqual([]);
});
