import { faultsOfWords } from '@kyoka/pages';
import { expect, it } from 'vitest';
import { AUDIENCES, RUN_STATES } from './audiences.js';
import { ACCESS, ROLE_WORDS, SCOPE_WORDS } from './access.js';
import { ITEM_WORDS } from './items.js';
import { FRAME } from './frame.js';
import { HOME } from './home.js';
import { PARKED } from './parked.js';
import { PEOPLE } from './people.js';
import { MISSING_WORDS, POLICIES, VERSION_STATES } from './policies.js';
import { OVERDUE, STOPS } from './stops.js';

it.each(
  Object.entries({
    ACCESS,
    ROLE_WORDS,
    SCOPE_WORDS,
    AUDIENCES,
    RUN_STATES,
    FRAME,
    ITEM_WORDS,
    HOME,
    PARKED,
    PEOPLE,
    POLICIES,
    MISSING_WORDS,
    VERSION_STATES,
    OVERDUE,
    STOPS,
  }),
)('the words of %s are whole in both languages', (_name, table) => {
  expect(faultsOfWords(table, ['reasonOf'])).toEqual([]);
});
