import { readSettings } from '@kyoka/config';
import { Command } from 'commander';
import { backupCommand, backupKeysCommand } from '../backup/backup.js';
import { restoreCommand } from '../backup/restore.js';
import { unreadableCommand } from '../backup/unreadable.js';
import type { ProgramPart } from './part.js';

/** `kyoka backup`, `kyoka backup keys`, `kyoka restore` and `kyoka unreadable`. They need no running service. */
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
  const unreadable = new Command('unreadable')
    .description('contact points whose key is not here')
    .option('--let-go', 'give their values up, so that they hold up no erasure')
    .action((options: { letGo?: boolean }) =>
      run(unreadableCommand(settings(), options, Date.now, write)),
    );
  return [backup, restore, unreadable];
}
