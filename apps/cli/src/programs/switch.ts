import type { SwitchRequest } from '@kyoka/contracts';
import type { Command } from 'commander';
import { switchCommand } from '../control/commands.js';
import { UsageError } from '../lines/surroundings.js';
import type { ProgramPart } from './part.js';
import { onService, serviceOf } from './options.js';

interface EnableOptions {
  readonly to?: string;
  readonly reason?: string;
  readonly approve?: string;
}

/** `enable` and `disable` of a policy version or a recipient. On takes two owners, off one. */
export function switchPrograms(
  kind: 'recipients' | 'policies',
  { surroundings, run }: ProgramPart,
): Command[] {
  const change = (id: string, request: SwitchRequest, options: { to?: string }) =>
    run(switchCommand(serviceOf(surroundings, options), { kind, id }, request, surroundings.write));
  return [
    onService('enable')
      .description('ask to switch it on, or approve what another owner asked for')
      .argument('<id>')
      .option('--reason <text>', 'ask, for this reason')
      .option('--approve <request>', 'approve the request of this id')
      .action((id: string, options: EnableOptions) => change(id, enabling(options), options)),
    onService('disable')
      .description('switch it off; takes effect at once')
      .argument('<id>')
      .requiredOption('--reason <text>')
      .action((id: string, options: { reason: string; to?: string }) =>
        change(id, { act: 'off', reason: options.reason }, options),
      ),
  ];
}

function enabling({ reason, approve }: EnableOptions): SwitchRequest {
  if (reason !== undefined && approve === undefined) return { act: 'request_on', reason };
  if (approve !== undefined && reason === undefined) return { act: 'approve_on', request: approve };
  throw new UsageError('either --reason, to ask, or --approve, to approve');
}
