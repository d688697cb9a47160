import { OWNER_ROLE } from './cluster.js';

export const DATABASE = 'kyoka';

/** Name of the vault's secret that is the owner's password of the embedded server. */
export const EMBEDDED_PASSWORD = 'embedded postgres';

/** Address of the database on an embedded server, with the owner's password. */
export const addressOf = (port: number, password: string): string =>
  `postgres://${OWNER_ROLE}:${encodeURIComponent(password)}@127.0.0.1:${port}/${DATABASE}`;
