import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KyokaError } from '@kyoka/kernel';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createLog, nestLogger, type LogFields, type LogLevel } from './index.js';

const EMAIL = 'canary.taro@example.jp';
const PHONE = '09012345678';
const CANARIES = [EMAIL, PHONE, '+819012345678', '山田 太郎'];

/** Runs `body` with a log and gives its lines. */
function lines(
  body: (log: ReturnType<typeof createLog>) => void,
  level: LogLevel = 'debug',
): Record<string, unknown>[] {
  const written: string[] = [];
  body(
    createLog({
      level,
      role: 'intake',
      destination: { write: (line: string) => void written.push(line) },
    }),
  );
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function textOf(body: (log: ReturnType<typeof createLog>) => void): string {
  return JSON.stringify(lines(body));
}

/** What a unique violation looks like as it comes out of TypeORM. */
function queryFault(): Error {
  const driverError = Object.assign(
    new Error(`duplicate key value violates unique constraint "thing_name"`),
    {
      code: '23505',
      detail: `Key (name)=(${EMAIL}) already exists.`,
      table: 'thing',
      constraint: 'thing_name',
    },
  );
  return Object.assign(new Error(`invalid input syntax for type uuid: "${EMAIL}"`), {
    name: 'QueryFailedError',
    query: `INSERT INTO thing VALUES ('${EMAIL}')`,
    parameters: [EMAIL, PHONE],
    driverError,
    code: '23505',
    constraint: 'thing_name',
    table: 'thing',
    detail: EMAIL,
  });
}

it('writes a code, when, which process and the fields of the list', () => {
  const [line] = lines((log) =>
    log.info('events_taken', {
      topic: 'kyoka.orders.v1',
      partition: 3,
      offset: '17',
      accepted: 40,
      ms: 12.5,
      counts: { consent_missing: 1 },
    }),
  );
  expect(line).toMatchObject({
    level: 'info',
    role: 'intake',
    code: 'events_taken',
    topic: 'kyoka.orders.v1',
    partition: 3,
    offset: '17',
    accepted: 40,
    ms: 12.5,
    counts: { consent_missing: 1 },
  });
  expect(Date.parse(String(line?.['time']))).not.toBeNaN();
  expect(line).not.toHaveProperty('msg');
});

it('leaves out what is not listed and tells how much, not what', () => {
  const [line] = lines((log) =>
    log.warn('event_parked', { reason: 'malformed', email: EMAIL, [EMAIL]: 1, subject: 'c-10293' }),
  );
  expect(line).toMatchObject({ reason: 'malformed', dropped: 3 });
  expect(Object.keys(line ?? {})).toEqual(['level', 'time', 'role', 'reason', 'code', 'dropped']);
});

it('keeps lines below its level away', () => {
  expect(lines((log) => log.info('listening'), 'warn')).toEqual([]);
});

it('never lets a contact value through, whatever field it is put in, in a group too', () => {
  const field = fc.constantFrom(
    ...[
      'code',
      'reason',
      'network',
      'route',
      'topic',
      'subject',
      'owner',
      'policy',
      'context',
      'offset',
      'count',
      'fault',
      'msg',
      'counts',
      'x',
    ],
  );
  const value = fc.constantFrom<unknown>(
    ...CANARIES,
    ...CANARIES.map((text) => [text]),
    ...CANARIES.map((text) => ({ reason: text, [text]: text })),
  );
  fc.assert(
    fc.property(fc.dictionary(field, value), (fields: LogFields) => {
      const text = textOf((log) => log.error('process_failed', fields));
      for (const canary of CANARIES) expect(text).not.toContain(canary);
    }),
  );
});

describe('an error', () => {
  it('of the database shows its code, constraint and table, and no value', () => {
    const [line] = lines((log) => log.error('batch_retried', { fault: queryFault() }));
    expect(line?.['fault']).toMatchObject({
      name: 'QueryFailedError',
      constraint: 'thing_name',
      table: 'thing',
    });
    expect(JSON.stringify(line)).not.toMatch(/canary|0901234|example\.jp/);
  });

  it('would show them all without the list (control)', () => {
    const written: string[] = [];
    pino(
      { redact: ['email', '*.email'] },
      { write: (line: string) => void written.push(line) },
    ).error(queryFault());
    expect(written.join()).toContain(EMAIL);
  });

  it('of ours shows its code and retry class, and where it arose', () => {
    const [line] = lines((log) =>
      log.error('process_failed', {
        fault: new KyokaError('key_missing', EMAIL, { cause: EMAIL }),
      }),
    );
    expect(line?.['fault']).toMatchObject({
      name: 'KyokaError',
      code: 'key_missing',
      retry: 'after_change',
    });
    const { frames } = line?.['fault'] as { frames: string[] };
    expect(frames[0]).toMatch(/^libs\/logging\/src\/logging\.unit\.test\.ts:\d+$/);
    expect(JSON.stringify(line)).not.toContain(EMAIL);
  });

  it.each([
    ['a message that looks like frames', new Error(`x\n    at f (/a/libs/${PHONE}/b.ts:1:2)`)],
    ['a text', EMAIL],
    ['an aggregate', new AggregateError([new Error(EMAIL)], PHONE)],
    [
      'a name that is data',
      Object.assign(new Error('x'), { name: EMAIL, code: PHONE, table: EMAIL }),
    ],
    ['a changed message', Object.assign(new Error(EMAIL), { message: 'other' })],
  ])('that is %s shows no value', (_, fault) => {
    const text = textOf((log) => log.error('process_failed', { fault }));
    for (const canary of CANARIES) expect(text).not.toContain(canary);
  });
});

describe('the log of NestJS', () => {
  it('keeps level, context and the class of an error, and drops free text', () => {
    const [started, failed, ...rest] = lines((log) => {
      Logger.overrideLogger(nestLogger(log));
      new Logger('RouterExplorer').log(`Mapped {/u/${EMAIL}, POST}`);
      new Logger('ExceptionsHandler').error(new TypeError(`cannot read ${EMAIL}`));
      Logger.overrideLogger(false);
    });
    expect(started).toMatchObject({ level: 'debug', code: 'framework', context: 'RouterExplorer' });
    expect(failed).toMatchObject({
      level: 'error',
      code: 'framework',
      context: 'ExceptionsHandler',
      fault: { name: 'TypeError' },
    });
    expect(rest).toEqual([]);
    expect(JSON.stringify([started, failed])).not.toContain(EMAIL);
  });
});

it('writes to a file that only its owner may read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kyoka-log-'));
  const file = join(folder, 'deep', 'kyoka.log');
  createLog({ level: 'info', role: 'standalone', destination: file }).info('listening', {
    port: 3000,
  });
  expect(readFileSync(file, 'utf8')).toContain('"code":"listening"');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  rmSync(folder, { recursive: true });
});
