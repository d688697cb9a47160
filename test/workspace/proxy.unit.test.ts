import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import {
  AudiencesModule,
  ConsoleModule,
  IntakeModule,
  PermissionsModule,
  PersonModule,
  PublishedModule,
} from '@kyoka/edge';
import { describe, expect, it } from 'vitest';

const CADDYFILE = readFileSync('deploy/proxy/Caddyfile', 'utf8');

/** Of each role that the Caddyfile names, what its paths begin with. */
const MATCHERS = [...CADDYFILE.matchAll(/^\s*@(\w+) path (.+)$/gm)].map(([, role, paths]) => ({
  role: role as string,
  paths: (paths as string).split(' '),
}));

const roleOf = (path: string) =>
  MATCHERS.find(({ paths }) =>
    paths.some((one) => (one.endsWith('*') ? path.startsWith(one.slice(0, -1)) : path === one)),
  )?.role ?? 'permissions';

type Route = readonly [path: string, handler: string];

/** The paths that a module's controllers serve, each parameter as `x`. */
function routesOf(module: { readonly controllers?: readonly unknown[] | undefined }): Route[] {
  return (module.controllers ?? []).flatMap((controller) => {
    const type = controller as { readonly prototype: object };
    const before = String(Reflect.getMetadata('path', type) ?? '');
    return Object.getOwnPropertyNames(type.prototype).flatMap((handler): Route[] => {
      const method = (type.prototype as Record<string, unknown>)[handler];
      const path: unknown =
        typeof method === 'function' && method !== controller
          ? Reflect.getMetadata('path', method)
          : undefined;
      if (typeof path !== 'string') return [];
      const whole = `/${before}/${path}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '');
      return [[whole.replaceAll('::', '%').replaceAll(/:\w+/g, 'x').replaceAll('%', ':'), handler]];
    });
  });
}

const none = {} as never;
const SERVED: Readonly<Record<string, readonly Route[]>> = {
  intake: routesOf(IntakeModule.with(none)),
  permissions: [PermissionsModule, PersonModule, PublishedModule].flatMap((module) =>
    routesOf(module.with(none)),
  ),
  audiences: routesOf(AudiencesModule.with(none)),
  console: routesOf(ConsoleModule.with(none)),
};

describe('the proxy', () => {
  it.each(Object.entries(SERVED))('hands %s what it serves', (role, routes) => {
    expect(routes.length).toBeGreaterThan(2);
    expect(routes.map(([path]) => [path, roleOf(path)])).toEqual(
      routes.map(([path]) => [path, role]),
    );
  });

  it('asks no role that is not ready', () => {
    const [, check] = /^\(ready\) \{\n(.+?)^\}/ms.exec(CADDYFILE) ?? [];
    expect(check).toContain('health_uri /health/ready\n');
    expect(check).toContain('X-Forwarded-Proto https\n');
    const upstreams = [
      ...CADDYFILE.matchAll(/reverse_proxy (?:@\w+ )?(\w+):3000 \{\n\s+import ready\n/g),
    ];
    expect(upstreams.map(([, role]) => role).sort()).toEqual(Object.keys(SERVED).sort());
    // The one more hands on the metrics, which are wanted of a role that isn't ready as well.
    expect(CADDYFILE.match(/reverse_proxy/g)).toHaveLength(upstreams.length + 1);
  });

  it('tells no path in its log, since a path may hold a token', () => {
    expect(CADDYFILE).toMatch(/log default \{\s+exclude http\.log\.error\s+\}/);
  });
});
