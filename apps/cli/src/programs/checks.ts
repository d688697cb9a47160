import { join } from 'node:path';
import { readSettings } from '@kyoka/config';
import { policyFolders, readPolicyFiles } from '@kyoka/permission-store';
import { KyokaError } from '@kyoka/kernel';
import { parsePolicySet } from '@kyoka/policy';
import { Command } from 'commander';
import { decideCommand } from '../commands/decide.js';
import { matchKeysCommand } from '../commands/match-keys.js';
import type { ProgramPart } from './part.js';
import { withChains } from '../verify/chains.js';
import { verifyDemo } from '../verify/demo.js';
import { withDatabase } from '../control/own-database.js';
import { verifyCommand } from '../verify/verify.js';

/** Commands that need no running service. */
export function checkPrograms({ surroundings, run }: ProgramPart): Command[] {
  const { lines, write, env } = surroundings;
  const settings = () => readSettings(env, { role: 'cli' });
  return [
    new Command('decide')
      .description('decision cases on standard input, a decision for each')
      .option('--policies <folder>', 'policies to decide by, in place of those deployed')
      .action(async ({ policies }: { policies?: string }) =>
        run(decideCommand(await policySet(settings().deployDir, policies), lines(), write)),
      ),
    new Command('match-keys')
      .description('{"id","network","identifier","raw"} a line on standard input, its match key')
      .action(() => run(matchKeysCommand(lines(), write))),
    new Command('verify')
      .description('every hash chain against its checkpoints outside the database')
      .option('--demo', 'on a small system that it makes itself, and tampers with')
      .action(({ demo }: { demo?: true }) =>
        run(
          demo
            ? verifyDemo(surroundings, Date.now)
            : withDatabase(settings(), (url) =>
                withChains(url, (chains) => verifyCommand(chains, settings(), write)),
              ),
        ),
      ),
  ];
}

async function policySet(deployDir: string, policies: string | undefined) {
  const folders = policyFolders(deployDir);
  const parsed = parsePolicySet(
    await readPolicyFiles(
      policies === undefined ? folders : { ...folders, policies, texts: join(policies, 'texts') },
    ),
  );
  if (parsed.ok) return parsed.set;
  throw new KyokaError('bad_input', 'the policy files are not valid', {
    faults: parsed.faults.map(({ file, line, path, message }) => ({
      field: `${file}:${line} ${path}`,
      expected: message,
    })),
  });
}
