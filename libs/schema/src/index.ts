export { isMigrated } from './is-migrated.js';
export { MIGRATIONS, migrate } from './migrate.js';
