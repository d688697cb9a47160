import { createHmac, createSecretKey } from 'node:crypto';
import {
  CHANNEL_CONTACT,
  CHANNELS,
  formatInstant,
  isKyokaError,
  tokyoDayBounds,
} from '@kyoka/kernel';
import { whomOf } from '../people/whom.js';
import type { ReadLine } from './event-lines.js';

export interface OptOutOptions {
  /** Name of the list, kept as evidence. */
  readonly list: string;
  /** `source` of the events. */
  readonly source: string;
  /** The day (Asia/Tokyo) on which the list was true, where a line names none. */
  readonly asOf: string;
  readonly purpose: string;
  /** Without any, the channel that the contact point carries. */
  readonly channels?: readonly string[] | undefined;
  /** Event ids follow from it and the line, so that nobody without it can guess an address back. */
  readonly secret: string;
}

const EXPECTED = 'an email address or phone number, alone or with a day: ADDRESS,YYYY-MM-DD';

/**
 * Reads a line of a list of opt-outs as the withdrawal that it stands for. The same line of the same
 * list on the same day is the same event, so a second import of a list gives duplicates.
 */
export function optOutLine(options: OptOutOptions): ReadLine {
  const { list, source, asOf, purpose } = options;
  const secret = createSecretKey(options.secret, 'utf8');
  return (line) => {
    const [address = '', day = asOf] = line
      .split(',')
      .map((cell) => cell.replace(/^\s*"?|"?\s*$/g, ''));
    const contact = contactOf(address);
    const at = tokyoDayBounds(day)?.last;
    if (contact === undefined || at === undefined) return { expected: EXPECTED };
    const channels = options.channels ?? channelsOf(contact.kind);
    const what = JSON.stringify([list, contact, purpose, channels, at]);
    const time = formatInstant(at);
    return {
      event: {
        specversion: '1.0',
        id: `opt-out-${createHmac('sha256', secret).update(what).digest('hex').slice(0, 32)}`,
        source,
        type: 'jp.kyoka.consent.withdrawn.v1',
        time,
        datacontenttype: 'application/json',
        data: {
          contacts: [contact],
          purpose,
          channels,
          occurredAt: time,
          evidence: { id: `list-${list}`, actor: 'import', form: list },
        },
      },
    };
  };
}

const channelsOf = (kind: string): string[] =>
  CHANNELS.filter((channel) => CHANNEL_CONTACT[channel] === kind);

function contactOf(address: string): { kind: string; value: string } | undefined {
  try {
    const whom = whomOf(address);
    return 'contact' in whom ? whom.contact : undefined;
  } catch (fault) {
    if (isKyokaError(fault)) return undefined;
    throw fault;
  }
}
