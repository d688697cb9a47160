import { ANY } from '@kyoka/kernel';
import { CHANNEL_WORDS, useLang, useWords, type WordTable } from '@kyoka/pages';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Names } from '../read/names.js';
import { FRAME } from '../words/frame.js';
import { ITEM_WORDS } from '../words/items.js';

export const NOBODY_NAMED: Names = { purposes: new Map(), recipients: new Map() };

/** The names of a page, set by its frame. */
export const NamesContext = createContext<Names>(NOBODY_NAMED);

/** Names in the language of the page; an id that nobody named stands for itself. */
export interface Naming {
  /** In the words of this policy, or of the first that has such a purpose. */
  purpose(id: string, policy?: string): string;
  recipient(id: string): string;
  /** A channel, on ads with its recipient. */
  channel(use: { readonly channel: string; readonly recipient?: string | undefined }): string;
  /** What is given of a person. */
  item(id: string): string;
}

export function useNames(): Naming {
  const { purposes, recipients } = useContext(NamesContext);
  const lang = useLang();
  const frame = useWords(FRAME);
  const channels = useWords(CHANNEL_WORDS as WordTable);
  const items = useWords(ITEM_WORDS as WordTable);
  const recipient = (id: string) => recipients.get(id) ?? id;
  return {
    recipient,
    purpose(id, policy) {
      if (id === ANY) return frame('everything');
      const all = [...purposes.values()].map((one) => one.get(id));
      const named = purposes.get(policy ?? '')?.get(id) ?? all.find((one) => one !== undefined);
      return (lang === 'ja' ? named?.label_ja : undefined) ?? named?.label ?? id;
    },
    channel(use) {
      const name = use.channel in CHANNEL_WORDS ? channels(use.channel) : use.channel;
      return use.recipient === undefined ? name : `${name} (${recipient(use.recipient)})`;
    },
    item: (id) => (id in ITEM_WORDS ? items(id) : id),
  };
}
