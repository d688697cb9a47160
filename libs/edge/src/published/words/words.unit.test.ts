import { faultsOfWords } from '@kyoka/pages';
import { expect, it } from 'vitest';
import * as lists from './lists.js';
import * as page from './page.js';

it.each(Object.entries({ ...lists, ...page }))(
  'the words of %s are whole in both languages',
  (_name, table) => {
    expect(faultsOfWords(table, ['becomes'])).toEqual([]);
  },
);
