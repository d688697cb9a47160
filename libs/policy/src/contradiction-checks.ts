import type { Finding } from './faults.js';
import type { Policy } from './policy-schema.js';

interface Contradiction {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly when: (policy: Policy) => boolean;
}

/** What one place of a file gives and another forbids. */
const CONTRADICTIONS: readonly Contradiction[] = [
  {
    path: ['ad_matching'],
    message: 'third_party.kinds leaves out ad_network, so no list may be matched',
    when: ({ ad_matching: ads, third_party: { kinds } }) =>
      ads !== undefined && kinds !== null && !kinds.includes('ad_network'),
  },
  {
    path: ['joint_use'],
    message: 'joint use is prohibited, and group_use_stated lets a group use the data',
    when: ({ joint_use: joint, group_use_stated: group }) => joint === 'prohibited' && group,
  },
  {
    path: ['third_party', 'bases'],
    message: 'joint use is prohibited, and third_party.bases provides on it',
    when: ({ joint_use: joint, third_party: { bases } }) =>
      joint === 'prohibited' && (bases ?? []).includes('joint_use'),
  },
  {
    path: ['third_party', 'filing'],
    message: 'there is a filing, and third_party.bases does not provide by opt-out',
    when: ({ third_party: { filing, bases } }) =>
      filing !== null && bases !== undefined && !bases.includes('opt_out_filed'),
  },
  {
    path: ['form_abandoned'],
    message: 'abandoned entries are used, and no source is of kind form_abandoned',
    when: ({ form_abandoned: form, sources }) =>
      form?.use === true && !sources.some(({ kind }) => kind === 'form_abandoned'),
  },
  {
    path: ['anonymised'],
    message: 'an item is dropped and transformed at once',
    when: ({ anonymised: data }) =>
      data !== undefined && data.transforms.some(({ item }) => data.drop.includes(item)),
  },
];

export const checkContradictions = (policy: Policy): Finding[] =>
  CONTRADICTIONS.filter(({ when }) => when(policy)).map(({ path, message }) => ({
    path,
    severity: 'error',
    message,
  }));
