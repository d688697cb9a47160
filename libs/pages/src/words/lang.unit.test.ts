import { describe, expect, it } from 'vitest';
import { chooseLang } from './lang.js';

describe('the language of a page', () => {
  it.each([
    [{}, 'ja'],
    [{ accept: 'en-US,en;q=0.9,ja;q=0.8' }, 'en'],
    [{ accept: 'fr, ja;q=0.5, en;q=0.4' }, 'ja'],
    [{ accept: 'en;q=0, fr' }, 'ja'],
    [{ accept: 'de' }, 'ja'],
    [{ cookie: 'other=1; kyoka_lang=en', accept: 'ja' }, 'en'],
    [{ cookie: 'kyoka_lang=xx', accept: 'en' }, 'en'],
    [{ query: 'ja', cookie: 'kyoka_lang=en' }, 'ja'],
    [{ query: '<script>', cookie: 'kyoka_lang=en' }, 'en'],
  ])('of %j is %s', (signs, lang) => {
    expect(chooseLang(signs)).toBe(lang);
  });
});
