import type { ContactKind } from '@kyoka/kernel';

/** Characters as readers see them: a sign and what is combined with it are one. */
const CHARACTERS = new Intl.Segmenter('ja', { granularity: 'grapheme' });

const hidden = (text: string): string =>
  `${CHARACTERS.segment(text).containing(0)?.segment ?? ''}***`;

const MASKS: Readonly<Partial<Record<ContactKind, (value: string) => string>>> = {
  email(value) {
    const [local = '', domain = ''] = value.split('@');
    const labels = domain.split('.');
    return `${hidden(local)}@${hidden(labels[0] ?? '')}.${labels.at(-1) ?? ''}`;
  },
  phone: (value) => `***${value.slice(-2)}`,
};

/**
 * As much of a contact point as its owner needs to know it again, and nobody else can use: a link may
 * be forwarded. Nothing of a postal address or a LINE id is shown.
 */
export function mask(kind: ContactKind, value: string): string {
  return MASKS[kind]?.(value) ?? '';
}
