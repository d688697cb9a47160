import type {
  FreezeRequest,
  FreezesAnswer,
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

/** `kyoka replay`: tries parked events again, a line for each with what became of it. */
export async function replayCommand(
  service: Service,
  request: ReplayRequest,
  write: Write,
): Promise<number> {
  const { replayed, expired } = await service.call<ReplayAnswer>('POST', '/v1/parked:replay', {
    body: request,
  });
  for (const { id, answer } of replayed) write(JSON.stringify({ id, ...answer }));
  for (const id of expired) write(JSON.stringify({ id, outcome: 'expired' }));
  return ANSWERED;
}

/** `kyoka parked`: what waits for which reason, and the oldest of it. */
export async function parkedCommand(service: Service, write: Write): Promise<number> {
  write(JSON.stringify(await service.call('GET', '/v1/parked')));
  return ANSWERED;
}
