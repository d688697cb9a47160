export { databaseForTests, type DatabaseOptions, type TestDatabase } from './database.js';
export { eventually, freePort, isAlive } from './processes.js';
