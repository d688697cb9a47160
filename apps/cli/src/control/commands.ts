import type {
  FreezeRequest,
  FreezesAnswer,
  PoliciesAnswer,
  PolicyTrialAnswer,
  PolicyTrialRequest,
  ReplayAnswer,
  ReplayRequest,
  SwitchRequest,
} from '@kyoka/contracts';
import { ANSWERED } from '../lines/surroundings.js';
import type { Service } from './service.js';

type Write = (line: string) => void;

/** `kyoka freeze`: the operator's stop of every release within a scope. */
export async function freezeCommand(
  service: Service,
  request: FreezeRequest,
  write: Write,
): Promise<number> {
  write(JSON.stringify(await service.call('POST', '/v1/freezes', { body: request })));
  return ANSWERED;
}

/** `kyoka freezes`: a freeze that stands a line. */
export async function freezesCommand(service: Service, write: Write): Promise<number> {
  const { freezes } = await service.call<FreezesAnswer>('GET', '/v1/freezes');
  for (const freeze of freezes) write(JSON.stringify(freeze));
  return ANSWERED;
}

/** `kyoka recipient|policy enable|disable`: asks, approves what another owner asked for, or switches off. */
export async function switchCommand(
  service: Service,
  target: { readonly kind: 'recipients' | 'policies'; readonly id: string },
  request: SwitchRequest,
  write: Write,
): Promise<number> {
  const path = `/v1/${target.kind}/${encodeURIComponent(target.id)}/switch`;
  write(JSON.stringify(await service.call('POST', path, { body: request })));
  return ANSWERED;
}

/** `kyoka policy try`: a use that people would gain or lose a line, then the versions that were compared. */
export async function tryPolicyCommand(
  service: Service,
  policy: string,
  request: PolicyTrialRequest,
  write: Write,
): Promise<number> {
  const path = `/v1/policies/${encodeURIComponent(policy)}/trials`;
  const { uses, ...compared } = await service.call<PolicyTrialAnswer>('POST', path, {
    body: request,
  });
  for (const use of uses) write(JSON.stringify(use));
  write(JSON.stringify({ ...compared, uses: uses.length }));
  return ANSWERED;
}

/** `kyoka policy list`: the versions of every policy, a line each. */
export async function listPoliciesCommand(service: Service, write: Write): Promise<number> {
  const { policies } = await service.call<PoliciesAnswer>('GET', '/v1/policies');
  for (const policy of policies) write(JSON.stringify(policy));
  return ANSWERED;
}

/** Parked events that one request tries again. */
const REPLAY_PART = 500;

/**
 * `kyoka replay`: tries parked events again, a line for each with what became of it.
 *
 * @param limit at most so many; without it all that are meant
 */
export async function replayCommand(
  service: Service,
  request: ReplayRequest,
  limit: number | undefined,
  write: Write,
): Promise<number> {
  let left = limit ?? Infinity;
  let after: string | undefined;
  do {
    const body: ReplayRequest = {
      ...request,
      ...(request.ids === undefined && { limit: Math.min(left, REPLAY_PART) }),
      ...(after !== undefined && { after }),
    };
    const answer = await service.call<ReplayAnswer>('POST', '/v1/parked:replay', { body });
    for (const one of answer.replayed) write(JSON.stringify({ id: one.id, ...one.answer }));
    for (const id of answer.expired) write(JSON.stringify({ id, outcome: 'expired' }));
    after = answer.next;
    left -= REPLAY_PART;
  } while (after !== undefined && left > 0);
  return ANSWERED;
}

/** `kyoka parked dismiss`: closes parked events that need nothing more. */
export async function dismissCommand(
  service: Service,
  ids: readonly string[],
  reason: string,
  write: Write,
): Promise<number> {
  for (const id of ids) {
    const path = `/v1/parked/${encodeURIComponent(id)}/dismiss`;
    write(JSON.stringify(await service.call('POST', path, { body: { reason } })));
  }
  return ANSWERED;
}

/** `kyoka parked`: what waits for which reason, and the oldest of it. */
export async function parkedCommand(service: Service, write: Write): Promise<number> {
  write(JSON.stringify(await service.call('GET', '/v1/parked')));
  return ANSWERED;
}
