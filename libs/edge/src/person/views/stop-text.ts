import { ANY } from '@kyoka/kernel';
import { CHANNEL_WORDS, type Lang, speak, STOP_WORDS } from '@kyoka/pages';
import type { OwnStop, PersonView } from '@kyoka/person';
import { ACT_WORDS } from '../words/page-words.js';
import { purposeNamed, recipientName } from './cell-names.js';

type Names = Pick<PersonView, 'policy' | 'recipientNames'>;

/** What kind of act it was. */
export const stopName = ({ kind }: OwnStop, lang: Lang): string => speak(STOP_WORDS, lang)(kind);

/** What a stop covers, in words: purposes, then channels, then companies where it names some. */
export function scopeText(stop: OwnStop, names: Names, lang: Lang): string {
  const say = speak(ACT_WORDS, lang);
  const wide = stop.kind === 'suspension' || stop.kind === 'erasure';
  const purposes = stop.purposes.includes(ANY)
    ? say(wide ? 'everyPurposeSuspended' : 'everyPurpose')
    : stop.purposes.map((id) => purposeNamed(names, id, lang)).join(SEPARATOR[lang]);
  const recipients = stop.recipients.includes(ANY)
    ? []
    : stop.recipients.map((id) => recipientName(names.recipientNames, id));
  return [purposes, channelsText(stop.channels, lang), ...recipients].join(' / ');
}

const SEPARATOR: Readonly<Record<Lang, string>> = { ja: '、', en: ', ' };

function channelsText(channels: readonly string[], lang: Lang): string {
  const say = speak(CHANNEL_WORDS, lang);
  const known = (one: string): one is keyof typeof CHANNEL_WORDS =>
    Object.hasOwn(CHANNEL_WORDS, one);
  return channels.map((one) => (known(one) ? say(one) : one)).join(SEPARATOR[lang]);
}
