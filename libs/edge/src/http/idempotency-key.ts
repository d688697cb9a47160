import { KyokaError } from '@kyoka/kernel';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const KEY = /^[\x21-\x7e]{1,128}$/;

/** The header `Idempotency-Key`: the same key again means the same act again. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const key = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new KyokaError('bad_input', 'An idempotency key is needed', {
    faults: [{ field: 'Idempotency-Key', expected: '1 to 128 visible ASCII characters' }],
  });
});
