import {
  asyncApiDocument,
  cloudEvent,
  EVENT_TYPES,
  openApiDocument,
  OPERATIONS,
  OUTPUT_EVENTS,
  parseBody,
  parseEvent,
  problem,
  type Body,
  type Operation,
  type OutputType,
} from '@kyoka/contracts';
import { describe, expect, it } from 'vitest';
import { listDocs, readDoc } from './documents.js';

const operations: readonly Operation[] = OPERATIONS;
const example = (path: string): unknown => JSON.parse(readDoc(`examples/${path}`));

/** Example files of an operation: `ID.request[.variant].json`, `ID.STATUS[.variant].json`. */
const httpExamples = listDocs('examples/http')
  .filter((file) => file !== 'problem.json')
  .map((file) => {
    const [id = '', part = ''] = file.split('.');
    return { file, part, operation: operations.find((operation) => operation.id === id) };
  });

function schemasOf(operation: Operation | undefined, part: string): Body['schema'][] {
  if (part === 'request') return (operation?.requests ?? []).map(({ schema }) => schema);
  const answer = operation?.answers.find(({ status }) => String(status) === part);
  return [...(answer?.schemas ?? [])];
}

describe('events', () => {
  it('every type has an example, and every example a type', () => {
    expect(listDocs('examples/events')).toEqual(EVENT_TYPES.map((type) => `${type}.json`).sort());
  });

  it.each(EVENT_TYPES)('the example of %s is understood, with every field it holds', (type) => {
    const { data, ...attributes } = example(`events/${type}.json`) as Record<string, unknown>;
    expect(parseEvent(attributes, data)).toEqual({ ok: true, event: { ...attributes, data } });
    expect(cloudEvent.safeParse({ ...attributes, data }).success).toBe(true);
  });

  it('every event that is sent has an example', () => {
    const expected = Object.keys(OUTPUT_EVENTS).map((type) => `${type}.json`);
    expect(listDocs('examples/outputs')).toEqual(expected.sort());
  });

  it.each(Object.keys(OUTPUT_EVENTS) as OutputType[])('the example of %s fits', (type) => {
    const data = example(`outputs/${type}.json`);
    expect(parseBody(OUTPUT_EVENTS[type].data, data)).toEqual({ ok: true, value: data });
  });
});

describe('HTTP bodies', () => {
  it.each(operations)('$id has an example of its request and of every answer', (operation) => {
    const parts = new Set(
      httpExamples.filter((one) => one.operation === operation).map(({ part }) => part),
    );
    const expected = [
      ...(operation.requests ? ['request'] : []),
      ...operation.answers.map(({ status }) => String(status)),
    ];
    expect([...parts].sort()).toEqual(expected.sort());
  });

  it.each(httpExamples)('$file fits, with every field it holds', ({ file, part, operation }) => {
    const body = example(`http/${file}`);
    const readings = schemasOf(operation, part).map((schema) => parseBody(schema, body));
    expect(readings).toContainEqual({ ok: true, value: body });
  });

  it('problem.json fits', () => {
    const body = example('http/problem.json');
    expect(parseBody(problem, body)).toEqual({ ok: true, value: body });
  });
});

describe('documents list all of it', () => {
  it('OpenAPI has every operation', () => {
    const { paths } = openApiDocument() as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((one) => one.operationId),
    );
    expect(ids.sort()).toEqual(operations.map(({ id }) => id).sort());
  });

  it('AsyncAPI has every type', () => {
    const { components } = asyncApiDocument() as { components: { messages: object } };
    expect(Object.keys(components.messages).sort()).toEqual(
      [...EVENT_TYPES, ...Object.keys(OUTPUT_EVENTS)].sort(),
    );
  });
});
