export { dataSourceOf } from './data-source.js';
export { isMigrated } from './is-migrated.js';
export { migrate } from './migrate.js';
export { MIGRATIONS } from './migrations/index.js';
