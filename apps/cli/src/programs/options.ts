import { SECOND } from '@kyoka/kernel';
import { Command, InvalidArgumentError, Option } from 'commander';
import { openService, type Service } from '../control/service.js';
import type { Surroundings } from '../lines/surroundings.js';

/** A command that acts on a running system, with the option that says which. */
export const onService = (name: string, orElse = ''): Command =>
  new Command(name).option(
    '--to <url>',
    `the running service; default: KYOKA_URL, or this machine at KYOKA_PORT${orElse}`,
  );

export const serviceOf = (surroundings: Surroundings, { to }: { readonly to?: string }): Service =>
  openService(surroundings, to);

export const waitOption = (): Option =>
  new Option('--wait <seconds>', 'ask again until it has ended, at most so long')
    .default(0)
    .argParser((text) => SECOND * wholeNumber(text));

/** @throws InvalidArgumentError, which commander tells as wrong usage */
export function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number is expected.');
}
