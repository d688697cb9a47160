import { DataSource } from 'typeorm';

/** Whether the database at `url` holds anything of Kyoka's. */
export async function isMigrated(url: string): Promise<boolean> {
  const source = new DataSource({ type: 'postgres', url, logging: false, extra: { max: 1 } });
  await source.initialize();
  try {
    const [row] = await source.query<{ there: boolean }[]>(
      `select to_regclass('permissions.subject') is not null as there`,
    );
    return row?.there === true;
  } finally {
    await source.destroy();
  }
}
