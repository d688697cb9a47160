import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readSettings } from '@kyoka/config';
import { KyokaError } from '@kyoka/kernel';
import { policyFolders, readPolicyFiles, readTexts } from '@kyoka/permission-store';
import { Command } from 'commander';
import { policyCheckCommand } from '../commands/policy-check.js';
import { policyDiffCommand } from '../commands/policy-diff.js';
import type { ProgramPart } from './part.js';
import { switchPrograms } from './switch.js';

/** `kyoka policy check|diff|enable|disable`. */
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
      const around = await readPolicyFiles(policyFolders(deployDir));
      const folders = new Set(names.map((name) => join(dirname(name), 'texts')));
      const beside = (await Promise.all([...folders].map(readTexts))).flat();
      const texts = [...around.texts, ...beside];
      await run(
        policyCheckCommand(await Promise.all(names.map(read)), { ...around, texts }, write),
      );
    });
  policy
    .command('diff')
    .description('grants, purposes and recipients that the newer version gains and loses')
    .argument('<old>')
    .argument('<new>')
    .action(async (older: string, newer: string) =>
      run(policyDiffCommand(await read(older), await read(newer), write)),
    );
  for (const command of switchPrograms('policies', part)) policy.addCommand(command);
  return policy;
}

async function read(name: string): Promise<{ name: string; text: string }> {
  try {
    return { name, text: await readFile(name, 'utf8') };
  } catch (cause) {
    throw new KyokaError('bad_input', `${name} can not be read`, { cause });
  }
}
