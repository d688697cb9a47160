import type { Known } from '../people.js';

/**
 * A Japanese number in the three forms, with whatever people write between its parts, by itself: no
 * digit touches it. Every number there is is tried at once by this.
 */
const PHONE = /(?<![0-9])(?:\+?81[ ()-]{0,2}|0)([1-9](?:[ ()-]{0,2}[0-9]){8,9})(?![0-9])/g;
const LOCAL = /[\w.!#$%&'*+/=?^`{|}~-]+$/;
const DOMAIN = /^(?:@|\(at\))[A-Za-z0-9.-]*/;
const AT = /@|\(at\)/g;
const LINE = /U[0-9a-f]{32}/g;
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 80;

/**
 * The contacts of known people that stand readable in these bytes. Digits of something else would be
 * somebody's number by chance often enough that only the numbers of the system's people count.
 */
export function readablesIn(view: Buffer, known: Known, found: (id: string) => void): void {
  const text = view.toString('latin1');
  const tell = (key: string): void => {
    const id = known.get(key);
    if (id !== undefined) found(id);
  };
  for (const [, digits = ''] of text.matchAll(PHONE)) {
    const key = `0${digits.replace(/[^0-9]/g, '')}`;
    tell(key);
  }
  for (const [match] of text.matchAll(LINE)) tell(match.toLowerCase());
  for (const { index } of text.matchAll(AT)) {
    const [local] = LOCAL.exec(text.slice(Math.max(0, index - LONGEST_LOCAL), index)) ?? [];
    const [domain] = DOMAIN.exec(text.slice(index, index + LONGEST_DOMAIN)) ?? [];
    if (local === undefined || domain === undefined) continue;
    // What stands before an address may be taken for a part of it: `mail=taro@…`.
    for (let at = 0; at < local.length; at += 1) {
      if (at > 0 && isWord(local[at - 1]) === isWord(local[at])) continue;
      const key = `${local.slice(at)}${domain}`.toLowerCase();
      tell(key);
    }
  }
}

const isWord = (char: string | undefined): boolean => /\w/.test(char ?? '');
