import { type ColumnType, DataSource, type DataSourceOptions } from 'typeorm';
import { ENTITIES } from './entities/index.js';
import { MIGRATIONS } from './migrations/index.js';
import { SILENT } from './silent-logger.js';

/**
 * TypeORM on the database at `url`, with every entity and every migration; not yet connected.
 *
 * @param over options in place of ours
 */
export function dataSourceOf(url: string, over: Partial<DataSourceOptions> = {}): DataSource {
  const source = new DataSource({
    type: 'postgres',
    url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'kyoka_migration',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    logger: SILENT,
    extra: { max: 2 },
    ...over,
  } as DataSourceOptions);
  // TypeORM refuses a type that its list lacks, and is content with the name alone.
  source.driver.supportedDataTypes.push('xid8' as ColumnType);
  return source;
}
