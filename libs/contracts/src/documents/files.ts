import { asyncApiDocument } from './asyncapi.js';
import type { JsonObject } from './components.js';
import { jsonSchemas } from './json-schemas.js';
import { openApiDocument } from './openapi.js';

/** Every generated document by its file name, as the bytes to be written: the same input gives the same text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const write = (document: JsonObject): string => `${JSON.stringify(document, null, 2)}\n`;
  return new Map([
    ['openapi.json', write(openApiDocument())],
    ['asyncapi.json', write(asyncApiDocument())],
    ...Object.entries(jsonSchemas()).map(([id, schema]): [string, string] => [
      `json-schema/${id}.json`,
      write(schema),
    ]),
  ]);
}
