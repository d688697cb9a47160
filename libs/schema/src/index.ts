export { dataSourceOf } from './data-source.js';
export { isMigrated, requireRestoredAt } from './is-migrated.js';
export { type Login, type LoginOf, makeLogins } from './logins/make-logins.js';
export { migrate } from './migrate.js';
export { MIGRATIONS } from './migrations/index.js';
export { isRestoring, requireRestored, RESTORING } from './restoring.js';
export { requireSchema } from './schema-version.js';
export type {
  AttemptRow,
  AudienceRow,
  ConsentRow,
  ContactPointRow,
  LiftRow,
  MemberRow,
  RemovalRow,
  RunRow,
  StopRow,
  SubjectRow,
} from './rows.js';
