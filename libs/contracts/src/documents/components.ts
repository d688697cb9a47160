import * as z from 'zod';

export type JsonObject = Record<string, unknown>;

/** Collects the schemas that a document refers to, each once under its id. */
export interface Components {
  /** A reference to the schema, or the schema itself where it has no id. */
  ref(schema: z.ZodType): JsonObject;
  /** Every schema met so far by id, sorted. */
  schemas(): JsonObject;
}

const HOME = '#/components/schemas/';

export function collectComponents(): Components {
  const found = new Map<string, unknown>();
  return {
    ref(schema) {
      const {
        $schema: _,
        $defs = {},
        ...root
      } = toHome(z.toJSONSchema(schema, { io: 'input' })) as JsonObject;
      for (const [id, definition] of Object.entries($defs as JsonObject)) found.set(id, definition);
      return root;
    },
    schemas: () => Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function toHome(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toHome);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', HOME)
        : toHome(member),
    ]),
  );
}
