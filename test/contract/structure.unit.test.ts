import { asyncApiDocument, jsonSchemas, openApiDocument } from '@kyoka/contracts';
import { describe, expect, it } from 'vitest';

type Node = Record<string, unknown>;

function* nodes(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Node;
  for (const member of Object.values(value)) yield* nodes(member);
}

const resolve = (document: Node, pointer: string): unknown =>
  pointer
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, step) => (at as Node | undefined)?.[decodeURIComponent(step)], document);

/** Bounded by length, list, format, or a pattern without open repetition. */
const unbounded = (node: Node): boolean =>
  node['type'] === 'string' &&
  !['maxLength', 'enum', 'const', 'format'].some((key) => key in node) &&
  /[*+]|\{\d+,\}|^$/.test(String(node['pattern'] ?? ''));

describe.each([
  ['OpenAPI', openApiDocument()],
  ['AsyncAPI', asyncApiDocument()],
  ...Object.entries(jsonSchemas()),
])('%s', (_name, document) => {
  it('resolves every reference', () => {
    const refs = [...nodes(document)]
      .map((node) => node['$ref'])
      .filter((ref) => ref !== undefined);
    for (const ref of refs)
      expect(resolve(document, String(ref)), String(ref)).toBeTypeOf('object');
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('OpenAPI 3.1', () => {
  const document = openApiDocument() as {
    openapi: string;
    paths: Record<
      string,
      Record<string, Node & { parameters?: Node[]; responses: Record<string, Node> }>
    >;
    components: { schemas: Record<string, Node> };
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

  it('names the version and unique operation ids', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    const ids = operations.map(({ operation }) => operation['operationId']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(operations)(
    '$method $path declares its parameters and answers',
    ({ path, method, operation }) => {
      const declared = (operation.parameters ?? [])
        .filter((one) => one['in'] === 'path')
        .map((one) => one['name']);
      expect(declared).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true);
      if (method === 'get') expect(operation).not.toHaveProperty('requestBody');
      for (const answer of Object.values(operation.responses)) {
        expect('$ref' in answer || typeof answer['description'] === 'string').toBe(true);
      }
    },
  );

  it('asks for a token everywhere but at health', () => {
    const open = operations
      .filter(({ operation }) => (operation['security'] as unknown[] | undefined)?.length === 0)
      .map(({ path }) => path);
    expect(open).toEqual(['/health/live', '/health/ready']);
  });

  it('bounds every text and list that somebody may send', () => {
    const requests = operations.flatMap(({ operation }) => [...nodes(operation['requestBody'])]);
    const seen = new Set<string>();
    const reach = (node: Node): Node[] => {
      const ref = node['$ref'];
      if (typeof ref !== 'string' || seen.has(ref)) return [node];
      seen.add(ref);
      return [...nodes(resolve(document, ref))].flatMap(reach);
    };
    const reached = requests.flatMap(reach);
    expect(reached.length).toBeGreaterThan(200);
    expect(reached.filter(unbounded)).toEqual([]);
    expect(reached.filter((node) => node['type'] === 'array' && !('maxItems' in node))).toEqual([]);
  });
});

describe('AsyncAPI 3', () => {
  const document = asyncApiDocument() as {
    channels: Record<string, { address: string; messages: Record<string, Node> }>;
    operations: Record<string, { action: string; channel: { $ref: string } }>;
    components: { messages: Record<string, { headers: { required: string[] } }> };
  };

  it('receives on input topics and sends on output topics', () => {
    const actions = Object.entries(document.operations).map(
      ([topic, { action }]) => `${action} ${topic}`,
    );
    expect(actions.sort()).toEqual([
      'receive kyoka.consents.v1',
      'receive kyoka.feedback.v1',
      'receive kyoka.orders.v1',
      'receive kyoka.suspensions.v1',
      'send kyoka.checkpoints.v1',
      'send kyoka.dead-letters.v1',
      'send kyoka.permissions.v1',
      'send kyoka.releases.v1',
      'send kyoka.suspension-progress.v1',
    ]);
  });

  it('requires the attributes that CloudEvents requires, and the time', () => {
    for (const { headers } of Object.values(document.components.messages)) {
      expect(headers.required).toEqual([
        'ce_specversion',
        'ce_id',
        'ce_source',
        'ce_type',
        'ce_time',
      ]);
    }
  });
});
