import { ANY } from '@kyoka/kernel';
import type { Cell, PersonView } from '@kyoka/person';
import { CHANNEL_WORDS, type Lang, speak } from '@kyoka/pages';
import type { Purpose } from '@kyoka/policy';
import { PREFERENCE_WORDS } from '../words/page-words.js';

/** What a recipient is called. */
export const recipientName = (names: ReadonlyMap<string, string>, id: string): string =>
  names.get(id) ?? id;

/** A purpose in the policy's own words. */
export const purposeName = (purpose: Purpose, lang: Lang): string =>
  lang === 'ja' ? (purpose.label_ja ?? purpose.label) : purpose.label;

/** A purpose by its id, which stands for itself where the policy doesn't know it. */
export function purposeNamed(
  { policy }: Pick<PersonView, 'policy'>,
  id: string,
  lang: Lang,
): string {
  const purpose = policy?.policy.purposes.find((one) => one.id === id);
  return purpose === undefined ? id : purposeName(purpose, lang);
}

/** A channel, or the company that ads would go through. */
export function channelName(
  { channel, recipient }: Cell,
  view: Pick<PersonView, 'recipientNames'>,
  lang: Lang,
): string {
  if (channel === ANY) return speak(PREFERENCE_WORDS, lang)('analysis');
  const name = speak(CHANNEL_WORDS, lang)(channel);
  return recipient === undefined
    ? name
    : `${name}: ${recipientName(view.recipientNames, recipient)}`;
}
