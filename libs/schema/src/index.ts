export { MIGRATIONS, migrate } from './migrate.js';
