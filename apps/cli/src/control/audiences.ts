import { randomUUID } from 'node:crypto';
import type { RunAnswer } from '@kyoka/contracts';
import { ANSWERED } from '../lines/surroundings.js';
import type { Service } from './service.js';
import { untilSettled } from './until-settled.js';

type Write = (line: string) => void;

/**
 * `kyoka audience run`: starts a run, or finds the one that was started under the same key, and gives
 * its waterfall once it has ended or `waitMs` are over.
 */
export async function runCommand(
  service: Service,
  audience: string,
  { key = randomUUID(), waitMs }: { readonly key?: string | undefined; readonly waitMs: number },
  write: Write,
): Promise<number> {
  const path = `/v1/audiences/${encodeURIComponent(audience)}/runs`;
  const first = await service.call<RunAnswer>('POST', path, {
    headers: { 'idempotency-key': key },
  });
  const run = await untilSettled(
    first,
    () => service.call<RunAnswer>('GET', `${path}/${first.id}`),
    ({ state }) => state === 'finished' || state === 'stopped',
    waitMs,
  );
  write(JSON.stringify(run));
  return ANSWERED;
}

/** `kyoka audience end`: ends an audience before its period. */
export async function endCommand(
  service: Service,
  audience: string,
  write: Write,
): Promise<number> {
  const path = `/v1/audiences/${encodeURIComponent(audience)}/end`;
  write(JSON.stringify(await service.call('POST', path)));
  return ANSWERED;
}

/** `kyoka audience show`: the waterfall of a run. */
export async function showRunCommand(
  service: Service,
  { audience, run }: { readonly audience: string; readonly run: string },
  write: Write,
): Promise<number> {
  const [whose, which] = [audience, run].map(encodeURIComponent);
  write(JSON.stringify(await service.call('GET', `/v1/audiences/${whose}/runs/${which}`)));
  return ANSWERED;
}
