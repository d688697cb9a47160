import * as z from 'zod';
import { OUTPUT_EVENTS } from '../events/outputs.js';
import { EVENT_DATA } from '../events/schemas.js';
import { OPERATIONS, type Operation } from '../http/operations.js';
import { problem } from '../http/problem.js';
import type { JsonObject } from './components.js';

/** JSON Schema (2020-12) of the data of every event, by type, and of every HTTP body, by its id. */
export function jsonSchemas(): Readonly<Record<string, JsonObject>> {
  const events: [string, z.ZodType][] = [
    ...Object.entries(EVENT_DATA),
    ...Object.entries(OUTPUT_EVENTS).map(([type, { data }]): [string, z.ZodType] => [type, data]),
  ];
  const bodies = (OPERATIONS as readonly Operation[])
    .flatMap(({ requests = [], answers }) => [
      ...requests.map(({ schema }) => schema),
      ...answers.flatMap(({ schemas }) => schemas),
    ])
    .map((schema): [string, z.ZodType] => [idOf(schema), schema]);
  return Object.fromEntries(
    [...events, ...bodies, [idOf(problem), problem] as const].map(([id, schema]) => [
      id,
      z.toJSONSchema(schema, { io: 'input' }) as JsonObject,
    ]),
  );
}

function idOf(schema: z.ZodType): string {
  const id = schema.meta()?.id;
  if (id === undefined) throw new TypeError('a body without an id');
  return id;
}
