import { readSettings } from '@kyoka/config';
import { Command } from 'commander';
import { backupCommand, backupKeysCommand } from '../backup/backup.js';
import { restoreCommand } from '../backup/restore.js';
import type { ProgramPart } from './part.js';

/** `kyoka backup`, `kyoka backup keys` and `kyoka restore`. They need no running service. */
export function backupPrograms({ surroundings, run }: ProgramPart): Command[] {
  const { env, write } = surroundings;
  const settings = () => readSettings(env, { role: 'cli' });
  const backup = new Command('backup')
    .description('a backup of the database in a new folder; it holds no key')
    .argument('[dir]', 'where backups lie; KYOKA_BACKUP_DIR without it')
    .action((dir?: string) => {
      const given = settings();
      return run(backupCommand(given, dir ?? given.backupDir, Date.now, write));
    });
  backup
    .command('keys')
    .description('a copy of the keys in a new folder; copies older than 14 days are destroyed')
    .argument('<dir>', 'where copies of the keys lie, apart from the database and its backups')
    .action((dir: string) => run(backupKeysCommand(settings(), dir, Date.now, write)));
  const restore = new Command('restore')
    .description('put a backup into an empty database, with the stops and erasures since')
    .requiredOption('--from <dir>', 'a backup, or the folder of backups: the newest')
    .option(
      '--keys <dir>',
      'a copy of the keys, or their folder; without it, the keys that are there',
    )
    .option(
      '--keep-rights',
      'nothing was changed since the backup: end no tokens, links, switches or audiences',
    )
    .action((sources: { from: string; keys?: string; keepRights?: boolean }) =>
      run(restoreCommand(settings(), sources, Date.now, surroundings)),
    );
  return [backup, restore];
}
