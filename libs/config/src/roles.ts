/** What a process is: every service, the service in one process, and the operator's tool. */
export const ROLES = [
  'standalone',
  'intake',
  'permissions',
  'audiences',
  'console',
  'sandbox',
  'migrate',
  'cli',
] as const;
export type Role = (typeof ROLES)[number];

/** The roles that work on a PostgreSQL and, but for `migrate`, a Kafka that somebody else runs. */
export const SERVICES: readonly Role[] = ['intake', 'permissions', 'audiences'];
