import { KyokaError } from '@kyoka/kernel';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The fields of a page's form. */
export const FormFields = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  if (body instanceof URLSearchParams) return body;
  throw new KyokaError('bad_input', 'The body could not be read', {
    faults: [{ field: 'content-type', expected: 'application/x-www-form-urlencoded' }],
  });
});
