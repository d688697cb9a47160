import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readSettings } from '@kyoka/config';
import { KyokaError } from '@kyoka/kernel';
import { policyFolders, readPolicyFiles, readTexts } from '@kyoka/permission-store';
import type { PolicyFiles } from '@kyoka/policy';
import { Command } from 'commander';
import { policyCheckCommand } from '../commands/policy-check.js';
import { policyDiffCommand } from '../commands/policy-diff.js';
import { policyShowCommand } from '../commands/policy-show.js';
import { listPoliciesCommand, tryPolicyCommand } from '../control/commands.js';
import { onService, serviceOf, wholeNumber } from './options.js';
import type { ProgramPart } from './part.js';
import { switchPrograms } from './switch.js';

/** `kyoka policy check|show|diff|list|try|enable|disable`. */
export function policyProgram(part: ProgramPart): Command {
  const { surroundings, run } = part;
  const { env, write } = surroundings;
  const policy = new Command('policy').description('policy files, and which of them is in force');
  policy
    .command('check')
    .description('every error and warning of policy files; exit code 1 on an error')
    .argument('<files...>')
    .action(async (names: string[]) => {
      const { deployDir } = readSettings(env, { role: 'cli' });
      const around = await surroundingsOf(deployDir, names);
      await run(policyCheckCommand(await Promise.all(names.map(read)), around, write));
    });
  policy
    .command('show')
    .description('a policy as a sheet: purposes by channels for each category of people')
    .argument('<file>')
    .action(async (name: string) => {
      const { deployDir } = readSettings(env, { role: 'cli' });
      await run(
        policyShowCommand(await read(name), await surroundingsOf(deployDir, [name]), write),
      );
    });
  policy
    .command('diff')
    .description(
      'grants, purposes, recipients, channels and clocks that the newer version gains and loses',
    )
    .argument('<old>')
    .argument('<new>')
    .action(async (older: string, newer: string) =>
      run(policyDiffCommand(await read(older), await read(newer), write)),
    );
  policy.addCommand(
    onService('list')
      .description('the versions of every policy, and when each was in force and by whom')
      .action((options: { to?: string }) =>
        run(listPoliciesCommand(serviceOf(surroundings, options), write)),
      ),
  );
  policy.addCommand(
    onService('try')
      .description('what a deployed version would give to or take from the people stored')
      .argument('<policy>', 'id@version')
      .option('--examples <count>', 'how many subject ids to name on each side', wholeNumber)
      .action((id: string, options: { examples?: number; to?: string }) =>
        run(
          tryPolicyCommand(
            serviceOf(surroundings, options),
            id,
            options.examples === undefined ? {} : { examples: options.examples },
            write,
          ),
        ),
      ),
  );
  for (const command of switchPrograms('policies', part)) policy.addCommand(command);
  return policy;
}

/** What the deployed files say, and the published texts beside the files that are asked about. */
async function surroundingsOf(deployDir: string, names: readonly string[]): Promise<PolicyFiles> {
  const around = await readPolicyFiles(policyFolders(deployDir));
  const folders = new Set(names.map((name) => join(dirname(name), 'texts')));
  const beside = (await Promise.all([...folders].map(readTexts))).flat();
  return { ...around, texts: [...around.texts, ...beside] };
}

async function read(name: string): Promise<{ name: string; text: string }> {
  try {
    return { name, text: await readFile(name, 'utf8') };
  } catch (cause) {
    throw new KyokaError('bad_input', `${name} can not be read`, { cause });
  }
}
