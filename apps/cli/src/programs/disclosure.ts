import type { DisclosureApproval, DisclosuresAnswer } from '@kyoka/contracts';
import { Command } from 'commander';
import { postLinesCommand } from '../control/post-lines.js';
import type { Service } from '../control/service.js';
import { ANSWERED } from '../lines/surroundings.js';
import type { ProgramPart } from './part.js';
import { onService, serviceOf } from './options.js';

const PATH = '/v1/disclosures';
const caseAt = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

interface DecideOptions {
  readonly to?: string;
  readonly reason: string;
}

/** `kyoka disclosure open|approve|refuse|hand-over|list|show`. */
export function disclosureProgram({ surroundings, run }: ProgramPart): Command {
  const { lines, write } = surroundings;
  const show = async (answer: Promise<unknown>): Promise<number> => {
    write(JSON.stringify(await answer));
    return ANSWERED;
  };
  const onCase = (name: string, description: string): Command =>
    onService(name).description(description).argument('<case>', 'its id');
  const deciding = (name: string, description: string, approve: boolean): Command =>
    onCase(name, description)
      .requiredOption('--reason <text>')
      .action((id: string, { reason, ...options }: DecideOptions) => {
        const body: DisclosureApproval = { approve, reason };
        const service = serviceOf(surroundings, options);
        return run(show(service.call('POST', `${caseAt(id)}/approval`, { body })));
      });
  return new Command('disclosure')
    .description('data handed to a third party without the person’s consent, each a case')
    .addCommand(
      onService('open')
        .description(`a case a line on standard input, as POST ${PATH} takes it`)
        .action((options: { to?: string }) =>
          run(postLinesCommand(serviceOf(surroundings, options), PATH, lines(), write)),
        ),
    )
    .addCommand(deciding('approve', 'approve a case that somebody else opened', true))
    .addCommand(deciding('refuse', 'refuse a case that somebody else opened', false))
    .addCommand(
      onCase('hand-over', 'the data of an approved case, in the clear, once').action(
        (id: string, options: { to?: string }) =>
          run(show(serviceOf(surroundings, options).call('POST', `${caseAt(id)}/hand-over`))),
      ),
    )
    .addCommand(
      onService('list')
        .description('every case, the newest first')
        .action((options: { to?: string }) => run(list(serviceOf(surroundings, options), write))),
    )
    .addCommand(
      onCase('show', 'a case, without what is disclosed').action(
        (id: string, options: { to?: string }) =>
          run(show(serviceOf(surroundings, options).call('GET', caseAt(id)))),
      ),
    );
}

async function list(service: Service, write: (line: string) => void): Promise<number> {
  let after: string | undefined;
  do {
    const query = after === undefined ? '' : `?after=${after}`;
    const answer = await service.call<DisclosuresAnswer>('GET', `${PATH}${query}`);
    for (const one of answer.disclosures) write(JSON.stringify(one));
    after = answer.next;
  } while (after !== undefined);
  return ANSWERED;
}
