import { describe, expect, it } from 'vitest';
import { CHROME } from './chrome.js';
import {
  CHANNEL_WORDS,
  CONTACT_CLASS_WORDS,
  CONTACT_KIND_WORDS,
  PARK_WORDS,
  STOP_WORDS,
} from './domain.js';
import { REASON_WORDS } from './reasons.js';
import { formats } from './format.js';
import { faultsOfWords, speak } from './words.js';

describe('words', () => {
  it('fills in values and leaves an unknown hole to be seen', () => {
    const table = { sent: { ja: '{network}へ{n}人を送信', en: '{n} sent to {network}' } };
    expect(speak(table, 'ja')('sent', { n: 3, network: 'Meta' })).toBe('Metaへ3人を送信');
    expect(speak(table, 'en')('sent', { n: 3 })).toBe('3 sent to {network}');
  });

  it('tells what a table lacks', () => {
    expect(
      faultsOfWords({
        empty: { ja: ' ', en: 'Something' },
        hole: { ja: '{a}人', en: 'people' },
        untranslated: { ja: 'Stop', en: 'Stop' },
        name: { ja: 'Kyoka', en: 'Kyoka' },
      }),
    ).toEqual([
      'empty: empty in ja',
      'hole: other values in ja than in en',
      'untranslated: not translated',
      'name: not translated',
    ]);
  });

  it.each(
    Object.entries({
      CHROME,
      REASON_WORDS,
      CHANNEL_WORDS,
      CONTACT_CLASS_WORDS,
      CONTACT_KIND_WORDS,
      PARK_WORDS,
      STOP_WORDS,
    }),
  )('of %s are whole', (_name, table) => {
    expect(faultsOfWords(table, ['product', 'line'])).toEqual([]);
  });
});

describe('numbers and moments', () => {
  const at = '2026-11-22T15:30:05.250Z';

  it('are told as a reader of Japanese expects, in Tokyo', () => {
    const { number, percent, moment, precise, day, after } = formats('ja');
    expect(number(1234567)).toBe('1,234,567');
    expect(percent(0.256)).toBe('25.6%');
    expect(moment(at)).toBe('2026年11月23日 00:30');
    expect(precise(at)).toBe('2026年11月23日 00:30:05');
    expect(day('2026-11-22')).toBe('2026年11月22日');
    expect(after(at, '2026-11-22T15:30:06.500Z')).toBe('1.25 秒');
  });

  it('are told as a reader of English expects, in Tokyo', () => {
    const { moment, day, after } = formats('en');
    expect(moment(at)).toBe('23 Nov 2026 00:30');
    expect(day(at)).toBe('23 Nov 2026');
    expect(after(at, '2026-11-22T18:30:05.250Z')).toBe('3 hrs');
  });
});
