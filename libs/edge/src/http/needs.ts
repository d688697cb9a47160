import type { Scope } from '@kyoka/contracts';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** What a route asks of whoever calls it. */
export interface Access {
  /** `open`: nothing at all. Else every scope that is named; a valid credential always. */
  readonly access: 'open' | readonly Scope[];
}

/** A route that needs a valid token or session, and these scopes of it. */
export const Needs = (...scopes: readonly Scope[]): MethodDecorator =>
  RouteConfig({ access: scopes } satisfies Access);

/** A route that anybody who reaches the port may ask. */
export const Open = (): MethodDecorator => RouteConfig({ access: 'open' } satisfies Access);

/** What the route of a request asks; `undefined` for a path that no route has. */
export const accessOf = (config: unknown): Access['access'] | undefined =>
  (config as Partial<Access> | undefined)?.access;

/** Makes a route that says neither a fault of the start, so that none is open by being forgotten. */
export function requireDeclaredAccess(server: FastifyInstance): void {
  server.addHook('onRoute', ({ method, url, config }) => {
    if (accessOf(config) === undefined)
      throw new Error(`${String(method)} ${url} says neither @Needs() nor @Open()`);
  });
}
