import type { Queryable } from '@kyoka/postgres';
import { expect, it } from 'vitest';
import { requireServerVersion } from './server-version.js';

const server = (major: number): Queryable =>
  ({ query: async () => [{ major }] }) as unknown as Queryable;

it('refuses a server older than the schema was written for, and names both versions', async () => {
  await expect(requireServerVersion(server(15))).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/PostgreSQL 15.*18/),
    faults: [{ field: 'DATABASE_URL', expected: 'PostgreSQL 18 or newer' }],
  });
  await requireServerVersion(server(18));
  await requireServerVersion(server(19));
});
