import { readSettings } from '@kyoka/config';
import { Command } from 'commander';
import { signInLinkCommand } from '../control/sign-in-link.js';
import { UsageError } from '../lines/surroundings.js';
import type { ProgramPart } from './part.js';

/** A name lies in the clear in the evidence, so it may be no address. */
const USER = /^user:[a-z][a-z0-9_-]{0,31}$/;

/** `kyoka sign-in`, on the machine of the service. */
export function signInProgram({ surroundings: { env, write }, run }: ProgramPart): Command {
  return new Command('sign-in')
    .description('a link that signs somebody in once, within 15 minutes; on the service’s machine')
    .option('--for <user>', 'whom it signs in, such as user:sato', 'user:local')
    .action((options: { for: string }) => {
      if (!USER.test(options.for)) {
        throw new UsageError('--for takes user: and a short name, such as user:sato');
      }
      return run(
        signInLinkCommand(readSettings(env, { role: 'cli' }), options.for, Date.now, write),
      );
    });
}
