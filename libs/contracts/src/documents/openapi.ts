import type * as z from 'zod';
import { OPERATIONS, type Operation } from '../http/operations.js';
import { problem } from '../http/problem.js';
import { collectComponents, type Components, type JsonObject } from './components.js';

const FAULTS: Readonly<Record<number, string>> = {
  400: 'The request does not fit; `faults` names the fields',
  401: 'No valid token',
  403: 'The token does not allow it',
  404: 'Not known',
  409: 'It contradicts what is already there',
  413: 'Too large',
  415: 'Of a media type that is not taken here',
  429: 'The quota of the token is used up; `Retry-After` tells when there is more',
  500: 'A fault of the service',
  503: 'Try again later',
};

/** The OpenAPI 3.1 document of the HTTP edge. */
export function openApiDocument(): JsonObject {
  const components = collectComponents();
  const paths: Record<string, JsonObject> = {};
  for (const operation of OPERATIONS as readonly Operation[]) {
    (paths[operation.path] ??= {})[operation.method] = operationOf(operation, components);
  }
  const problemSchema = components.ref(problem);
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Kyoka',
      version: '1',
      description:
        'May a person’s data be used, on this channel, for this purpose, now, and what proves it?',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas: components.schemas(),
      responses: Object.fromEntries(
        Object.entries(FAULTS).map(([status, description]) => [
          `Fault${status}`,
          { description, content: { 'application/problem+json': { schema: problemSchema } } },
        ]),
      ),
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operationOf(operation: Operation, components: Components): JsonObject {
  const parameters = [
    ...[...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string', maxLength: 80 },
    })),
    ...(operation.idempotencyKey
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: true,
            schema: { type: 'string', maxLength: 128 },
          },
        ]
      : []),
    ...Object.entries(operation.query?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      schema: components.ref(schema as z.ZodType),
    })),
  ];
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.open && { security: [] }),
    ...(operation.needs !== undefined && { security: [{ token: [...operation.needs] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(operation.requests && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          operation.requests.map(({ schema, mediaType = 'application/json' }) => [
            mediaType,
            { schema: components.ref(schema) },
          ]),
        ),
      },
    }),
    responses: responsesOf(operation, components),
  };
}

function responsesOf(operation: Operation, components: Components): JsonObject {
  const answers = operation.answers.map(({ status, schemas }) => {
    const refs = schemas.map((schema) => components.ref(schema));
    const schema = refs.length === 1 ? refs[0] : { anyOf: refs };
    return [
      String(status),
      { description: operation.summary, content: { 'application/json': { schema } } },
    ];
  });
  const faults = faultsOf(operation).map((status) => [
    String(status),
    { $ref: `#/components/responses/Fault${status}` },
  ]);
  return Object.fromEntries([...faults, ...answers]) as JsonObject;
}

function faultsOf(operation: Operation): number[] {
  if (operation.open) return [];
  return [
    401,
    403,
    429,
    500,
    503,
    ...(operation.path.includes('{') ? [404] : []),
    ...(operation.method === 'post' ? [400, 409, 413, 415] : []),
  ];
}
