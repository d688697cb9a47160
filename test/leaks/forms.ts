import { createHash } from 'node:crypto';
import { foldEmailFor, NETWORK_EMAIL_FOLDINGS, normaliseContact } from '@kyoka/contact';
import type { ContactKind } from '@kyoka/kernel';

/** A contact value that must be nowhere, and who it was planted as (for a finding to name it without its value). */
export interface Planted {
  readonly name: string;
  readonly kind: ContactKind;
  readonly value: string;
}

export interface Needle {
  readonly name: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Shorter needles would be found by chance. */
const SHORTEST = 8;

/** Every form under which a contact value could be read again: spellings, escapes, base64 at any offset, digests. */
export function needlesOf(planted: Planted): Needle[] {
  const spelled = spellings(planted);
  const needles = spelled.flatMap(([form, text]) => [
    { form, bytes: Buffer.from(text) },
    { form: `${form}, UTF-16`, bytes: Buffer.from(text, 'utf16le') },
    { form: `${form}, hex`, bytes: Buffer.from(Buffer.from(text).toString('hex')) },
    { form: `${form}, percent`, bytes: Buffer.from(encodeURIComponent(text)) },
    { form: `${form}, JSON escapes`, bytes: Buffer.from(escaped(text)) },
    ...base64Offsets(text).map((bytes, offset) => ({ form: `${form}, base64+${offset}`, bytes })),
    ...digests(text).map(([digest, bytes]) => ({ form: `${form}, SHA-256 ${digest}`, bytes })),
  ]);
  const seen = new Set<string>();
  return needles
    .filter(({ bytes }) => {
      const key = bytes.toString('latin1');
      if (bytes.length < SHORTEST || seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .map((needle) => ({ name: planted.name, ...needle }));
}

function spellings({ kind, value }: Planted): [string, string][] {
  const normalised = normaliseContact(kind, value).value;
  const common: [string, string][] = [
    ['as given', value],
    ['normalised', normalised],
  ];
  if (kind === 'email') {
    const folded = Object.keys(NETWORK_EMAIL_FOLDINGS).flatMap((network): [string, string][] => {
      const fold = foldEmailFor(network as Parameters<typeof foldEmailFor>[0], normalised);
      return fold === undefined ? [] : [[`folded for ${network}`, fold]];
    });
    return [...common, ['upper case', normalised.toUpperCase()], ...folded];
  }
  if (kind === 'phone' && normalised.startsWith('+81')) {
    const national = normalised.slice(3);
    return [
      ...common,
      ['without +', `81${national}`],
      ['national', `0${national}`],
      ['hyphens', `0${national.slice(0, 2)}-${national.slice(2, 6)}-${national.slice(6)}`],
    ];
  }
  return common;
}

const escaped = (text: string): string =>
  [...text]
    .map((char) => `\\u${(char.codePointAt(0) as number).toString(16).padStart(4, '0')}`)
    .join('');

/** The base64 of a text that starts at any of the three offsets of a longer one, without the characters its neighbours share. */
function base64Offsets(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = Math.ceil((offset * 8) / 6);
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    return Buffer.from(encoded.slice(from, whole));
  });
}

function digests(text: string): [string, Buffer][] {
  const digest = createHash('sha256').update(text).digest();
  return [
    ['raw', digest],
    ['hex', Buffer.from(digest.toString('hex'))],
    ['HEX', Buffer.from(digest.toString('hex').toUpperCase())],
    ['base64', Buffer.from(digest.toString('base64').replace(/=+$/, ''))],
    ['base64url', Buffer.from(digest.toString('base64url'))],
  ];
}
