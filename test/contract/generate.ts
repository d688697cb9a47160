/**
 * Writes docs/generated from the contracts; says what changed. From the top of the repository:
 *
 *     node --conditions=@kyoka/source --import ./.kit/source-hooks.mjs test/contract/generate.ts
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from '@kyoka/contracts';

const folder = join(import.meta.dirname, '../../docs/generated');
const schemas = join(folder, 'json-schema');
const files = generatedFiles();

mkdirSync(schemas, { recursive: true });
for (const name of readdirSync(schemas)) {
  if (!files.has(`json-schema/${name}`)) rmSync(join(schemas, name));
}
for (const [name, text] of files) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  if (read(path) !== text) writeFileSync(path, text);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
