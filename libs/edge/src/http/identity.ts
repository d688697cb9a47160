import type { Instant } from '@kyoka/kernel';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Whoever holds the token of a request: the acting user, whatever the request itself claims. */
export interface Identity {
  /** For example `user:sato`. */
  readonly owner: string;
  /** The token's own period, which is the period of use where a request names no audience. */
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

const identities = new WeakMap<FastifyRequest, Identity>();

export function setIdentity(request: FastifyRequest, identity: Identity): void {
  identities.set(request, identity);
}

export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const identity = identities.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (identity === undefined)
    throw new Error('a route behind the door was reached without a token');
  return identity;
});
