import type { Identity } from '@kyoka/access';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const identities = new WeakMap<FastifyRequest, Identity>();

export function setIdentity(request: FastifyRequest, identity: Identity): void {
  identities.set(request, identity);
}

export const identityOf = (request: FastifyRequest): Identity | undefined =>
  identities.get(request);

/** Whoever holds the token or session of the request: the acting user, whatever the request itself claims. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const identity = identityOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (identity === undefined)
    throw new Error('a route behind the door was reached without a token');
  return identity;
});
