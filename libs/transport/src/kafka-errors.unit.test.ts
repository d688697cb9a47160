import { KyokaError } from '@kyoka/kernel';
import { expect, it } from 'vitest';
import { toTransportError } from './kafka-errors.js';

const of = (type: string | undefined, cause?: Error) =>
  Object.assign(new Error('taro@example.jp', { cause }), { type, retriable: true });

it.each<[string, unknown, string]>([
  ['a refused connection', of(undefined), 'kafka_unavailable'],
  ['a batch that is too large', of('MESSAGE_TOO_LARGE'), 'too_large'],
  ['the same below what kafkajs wraps it in', of(undefined, of('MESSAGE_TOO_LARGE')), 'too_large'],
  [
    'one of several',
    Object.assign(new Error('many'), {
      errors: [of('TOPIC_ALREADY_EXISTS'), of('INVALID_CONFIG')],
    }),
    'config_invalid',
  ],
  ['a missing right', of('TOPIC_AUTHORIZATION_FAILED'), 'not_permitted'],
  ['a lost leader', of('NOT_LEADER_FOR_PARTITION'), 'kafka_unavailable'],
  ['something that is no error', 'text', 'kafka_unavailable'],
])('%s becomes a coded error without its text', (_, fault, code) => {
  const coded = toTransportError(fault);
  expect(coded.code).toBe(code);
  expect(coded.message).not.toContain('example.jp');
  expect(coded.cause).toBeUndefined();
});

it('leaves a coded error as it is, and ends on a circle of causes', () => {
  const own = new KyokaError('config_invalid', 'no topic has a handler');
  expect(toTransportError(own)).toBe(own);
  const circle = new Error('a');
  circle.cause = circle;
  expect(toTransportError(circle).code).toBe('kafka_unavailable');
});
