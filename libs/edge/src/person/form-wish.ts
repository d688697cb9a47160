import { ANY, CHANNELS } from '@kyoka/kernel';
import type { Cell, StopWish } from '@kyoka/person';

const channelNamed = (name: string | undefined) => CHANNELS.find((one) => one === name);

/** The words of policies, recipients and their groups. */
const NAME = /^[a-z][a-z0-9_.-]{0,63}$/;

/** The cell that a button names, whether the policy of today still has it or not. */
function cellFrom(key: string): Cell | undefined {
  const [purpose = '', channelName, recipient] = key.split('|');
  const channel = channelName === ANY ? ANY : channelNamed(channelName);
  if (channel === undefined || !NAME.test(purpose)) return undefined;
  if (recipient === undefined) return { purpose, channel };
  return NAME.test(recipient) ? { purpose, channel, recipient } : undefined;
}

/**
 * What the pressed button stops; `undefined` where none that stops was pressed. A stop is never lost
 * to strictness: one that can't be read as it stands is taken as all that a person may refuse.
 */
export function stopFrom(fields: URLSearchParams): StopWish | undefined {
  const value = fields.get('stop');
  if (value === null) return undefined;
  if (value === 'ads' || value === 'every_use') return { stop: value };
  const [kind, ...rest] = value.split(':');
  const named = rest.join(':');
  const cell = kind === 'cell' ? cellFrom(named) : undefined;
  if (cell !== undefined) return { stop: 'cell', cell };
  const channel = kind === 'channel' ? channelNamed(named) : undefined;
  return channel === undefined ? { stop: 'advertising' } : { stop: 'channel', channel };
}
