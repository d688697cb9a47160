import type { TokenRequest, TokensAnswer } from '@kyoka/contracts';
import { Command } from 'commander';
import type { Service } from '../control/service.js';
import { ANSWERED } from '../lines/surroundings.js';
import { onService, serviceOf } from './options.js';
import type { ProgramPart } from './part.js';

interface CreateOptions {
  readonly to?: string;
  readonly name: string;
  readonly scope: TokenRequest['scopes'];
  readonly until: string;
  readonly owner?: string;
  readonly role?: string[];
  readonly quota?: string;
}

/** `kyoka token create|list|revoke`. */
export function tokenProgram({ surroundings, run }: ProgramPart): Command {
  const { write } = surroundings;
  const show = async (answer: Promise<unknown>): Promise<number> => {
    write(JSON.stringify(await answer));
    return ANSWERED;
  };
  const list = async (service: Service): Promise<number> => {
    const { tokens } = await service.call<TokensAnswer>('GET', '/v1/tokens');
    for (const token of tokens) write(JSON.stringify(token));
    return ANSWERED;
  };
  return new Command('token')
    .description('who may do what until when')
    .addCommand(
      onService('create')
        .description('make a token that may do no more than yours; it is shown this once')
        .requiredOption('--name <text>', 'what it is for')
        .requiredOption('--scope <scope...>', 'such as decisions:ask')
        .requiredOption('--until <moment>', 'its end, such as P30D, or a time with its offset')
        .option('--owner <owner>', 'a service, such as service:ad-sync; you without it')
        .option('--role <role...>', 'such as marketing')
        .option('--quota <requests>', 'requests a minute')
        .action(({ name, scope, until, owner, role, quota, ...options }: CreateOptions) => {
          const body: TokenRequest = {
            name,
            scopes: scope,
            endsAt: until,
            ...(owner !== undefined && { owner }),
            ...(role && { roles: role }),
            ...(quota !== undefined && { quotaPerMinute: Number(quota) }),
          };
          return run(show(serviceOf(surroundings, options).call('POST', '/v1/tokens', { body })));
        }),
    )
    .addCommand(
      onService('list')
        .description('the tokens that you may see')
        .action((options: { to?: string }) => run(list(serviceOf(surroundings, options)))),
    )
    .addCommand(
      onService('revoke')
        .description('revoke a token and everything that was made with it')
        .argument('<token>', 'its id')
        .action((id: string, options: { to?: string }) => {
          const path = `/v1/tokens/${encodeURIComponent(id)}/revoke`;
          const body = {};
          return run(show(serviceOf(surroundings, options).call('POST', path, { body })));
        }),
    );
}
