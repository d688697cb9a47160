import type { Logger } from 'typeorm';

const nothing = (): undefined => undefined;

/** TypeORM's own logger prints the messages of failed migrations, whatever they quote. */
export const SILENT: Logger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};
