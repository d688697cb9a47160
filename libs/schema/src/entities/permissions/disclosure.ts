import { bigint, instant, integer, json, key, optional, text, uuid, word } from '../columns.js';
import { table } from '../table.js';

export const disclosureStep = table(
  'permissions.disclosure_step',
  {
    id: key(uuid()),
    chain: text(),
    block: bigint(),
    index: integer(),
    case_id: uuid(),
    subject_id: optional(uuid()),
    step: word('opened', 'approved', 'refused', 'handed_over'),
    opened_at: instant(),
    at: instant(),
    body: json(),
  },
  {
    uniques: [
      ['chain', 'block', 'index'],
      ['case_id', 'step'],
    ],
    references: [[['chain', 'block'], 'permissions.block', ['chain', 'number']]],
    indices: [
      { name: 'disclosure_step_subject', on: ['subject_id'] },
      { name: 'disclosure_step_newest', on: ['opened_at', 'case_id'] },
    ],
  },
);
