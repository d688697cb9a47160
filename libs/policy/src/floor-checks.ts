import { type Finding, pointerOf } from './faults.js';
import type { LegalPack } from './legal-pack-schema.js';
import { checkLoosening, checkNarrowing } from './loosening-checks.js';
import type { Policy } from './policy-schema.js';
import { checkPublished } from './published-items.js';
import type { SourceContract } from './source-contract-schema.js';

type Path = readonly PropertyKey[];

/** One point at which a text may be weaker than the law. */
interface FloorPoint {
  /** Each place at which this text is weaker, with the floor that the engine applies instead. */
  readonly weaker: (policy: Policy, legal: LegalPack) => readonly (readonly [Path, string])[];
}

const at = (path: Path, floor: string): (readonly [Path, string])[] => [[path, floor]];

/** Every point of the legal pack that a policy file can fall short of. */
const FLOOR: readonly FloorPoint[] = [
  {
    weaker: (policy, legal) =>
      legal.opt_in_channels
        .filter(({ channel }) => policy.channel_defaults[channel] === 'opt_out')
        .map(({ channel, article }) => [
          ['channel_defaults', channel],
          `recorded consent first (${article})`,
        ]),
  },
  {
    weaker: ({ ad_matching: ads }, { ad_matching: law }) =>
      (ads?.bases ?? []).flatMap((basis, index) =>
        law.bases.includes(basis)
          ? []
          : at(['ad_matching', 'bases', index], `only ${law.bases.join(', ')} (${law.article})`),
      ),
  },
  {
    weaker: ({ ad_matching: ads }, legal) =>
      ads?.hashed_as === 'non_identifying'
        ? at(
            ['ad_matching', 'hashed_as'],
            `a hashed contact point stays personal data (${legal.ad_matching.article})`,
          )
        : [],
  },
  {
    weaker: ({ processors }, { foreign_transfer: law }) =>
      (processors.review_months ?? Infinity) > law.review_months
        ? at(['processors', 'review_months'], `every ${law.review_months} months (${law.article})`)
        : [],
  },
  {
    weaker: ({ processors: { evidence } }, { processors: { article } }) =>
      (evidence ?? []).includes('education')
        ? at(
            ['processors', 'evidence'],
            `a contract and supervision, never education alone (${article})`,
          )
        : [],
  },
  {
    weaker: ({ consent_at_acquisition: stated }, { notice_at_acquisition: { article } }) =>
      stated === 'none'
        ? at(['consent_at_acquisition'], `notice before the person submits (${article})`)
        : [],
  },
  {
    weaker: ({ form_abandoned: form }, { notice_at_acquisition: { article } }) =>
      form?.use && !form.notice_before_typing
        ? at(['form_abandoned', 'notice_before_typing'], `notice before typing (${article})`)
        : [],
  },
  {
    weaker: ({ group_use_stated: stated, joint_use: joint }, { joint_use: { article } }) =>
      stated && !joint?.length
        ? at(['group_use_stated'], `companies of the group are third parties (${article})`)
        : [],
  },
  {
    weaker: ({ joint_use: joint }, { joint_use: { article } }) =>
      Array.isArray(joint)
        ? joint.flatMap(({ address, representative }, index) =>
            address && representative
              ? []
              : at(
                  ['joint_use', index],
                  `address and representative of the one responsible, or no joint use (${article})`,
                ),
          )
        : [],
  },
  {
    weaker: ({ third_party: { bases, filing } }, { provision: law }) =>
      (bases ?? []).includes('opt_out_filed') && !filingComplete(filing)
        ? at(
            ['third_party', 'filing'],
            `a filing with all ${law.filing_items} items, or no provision by opt-out (${law.filing_article})`,
          )
        : [],
  },
  {
    weaker: ({ third_party: { exceptions } }, { provision: { grounds, article } }) =>
      (exceptions ?? []).flatMap(({ ground }, index) =>
        grounds.some((known) => known.ground === ground)
          ? []
          : at(['third_party', 'exceptions', index], `no such ground: never used (${article})`),
      ),
  },
  {
    weaker: ({ third_party: { refused_grounds: grounds } }, { provision: { article } }) =>
      (grounds ?? []).flatMap((_, index) =>
        at(['third_party', 'refused_grounds', index], `no such ground: never used (${article})`),
      ),
  },
  {
    weaker: ({ retention }, { retention: { article } }) =>
      retention?.default_days === null
        ? at(
            ['retention', 'default_days'],
            `erased when no longer needed, and on justified request (${article})`,
          )
        : [],
  },
  {
    weaker: ({ rights }, { rights: law }) =>
      law.types
        .filter(({ type }) => !(rights?.types ?? []).includes(type))
        .map(({ type, article }) => [
          rights ? ['rights', 'types'] : [],
          `${type} too (${article})`,
        ]),
  },
  {
    weaker: ({ rights }, { rights: law }) =>
      (rights?.fees ?? []).flatMap(({ types }, index) =>
        types.every((type) => law.fee_types.includes(type))
          ? []
          : at(
              ['rights', 'fees', index, 'types'],
              `a fee only for ${law.fee_types.join(', ')} (${law.fee_article})`,
            ),
      ),
  },
  {
    weaker: ({ rights }, { rights: law }) =>
      rights?.response?.media && !rights.response.media.includes('email')
        ? at(
            ['rights', 'response', 'media'],
            `an electronic answer where the person asks for it (${law.electronic_answer.article})`,
          )
        : [],
  },
  {
    weaker: ({ rights }, { rights: law }) =>
      (rights?.response?.at_least_days ?? 0) >= law.answer_days
        ? at(
            ['rights', 'response', 'at_least_days'],
            `without delay; a suit is possible after ${law.answer_days} days (${law.answer_article})`,
          )
        : [],
  },
  {
    weaker: ({ rights }, { rights: law }) => {
      const stated = rights?.suspension?.grounds ?? [];
      if (stated.length === 0 || stated.includes('any')) return [];
      const missing = law.suspension_grounds.filter((ground) => !stated.includes(ground));
      return missing.length === 0
        ? []
        : at(
            ['rights', 'suspension', 'grounds'],
            `${missing.join(', ')} too (${law.suspension_article})`,
          );
    },
  },
  {
    weaker: ({ rights }, { rights: law }) =>
      (rights?.excluded ?? []).flatMap((_, index) =>
        at(
          ['rights', 'excluded', index],
          `what is tied to a person is disclosed (${law.scope_article})`,
        ),
      ),
  },
  {
    weaker: ({ rights }, { rights: law }) => {
      const papers = rights?.identity?.one_of ?? [];
      return papers.includes('health_insurance_card') && !papers.includes('eligibility_certificate')
        ? at(
            ['rights', 'identity', 'one_of'],
            `the eligibility certificate in place of the insurance card (${law.identity_article})`,
          )
        : [];
    },
  },
];

/** Whether a filing holds all that opt-out provision files and publishes (APPI Art. 27(2)). */
export const filingComplete = (filing: Policy['third_party']['filing']): boolean =>
  filing !== null &&
  [
    filing.operator,
    filing.items,
    filing.how_acquired,
    filing.how_provided,
    filing.how_to_stop,
    filing.how_updated,
  ].every((item) => item !== undefined);

/** A point at which a text is weaker than the law: the field, and the floor that is applied instead. */
export interface WeakerPoint {
  /** JSON pointer. */
  readonly field: string;
  readonly floor: string;
}

const weakerAt = (policy: Policy, legal: LegalPack) =>
  FLOOR.flatMap(({ weaker }) => weaker(policy, legal));

/** Every point at which the text is weaker than the law. */
export const weakerPoints = (policy: Policy, legal: LegalPack): WeakerPoint[] =>
  weakerAt(policy, legal).map(([path, floor]) => ({ field: pointerOf(path), floor }));

/** The same as warnings of the check of a file. */
const checkFloor = (policy: Policy, legal: LegalPack): Finding[] =>
  weakerAt(policy, legal).map(([path, floor]) => ({
    path,
    severity: 'warning',
    message: `weaker than the law; applied: ${floor}`,
  }));

/** What the rest of the set must hold for this policy: its legal pack, a contract for each source. */
export function checkSurroundings(
  policy: Policy,
  around: {
    readonly legal: ReadonlyMap<string, LegalPack>;
    readonly contracts: ReadonlyMap<string, SourceContract>;
  },
): Finding[] {
  const legal = around.legal.get(policy.policy.legal_pack);
  if (!legal) {
    return [
      {
        path: ['policy', 'legal_pack'],
        severity: 'error',
        message: 'no such legal pack, so every decision is refused',
      },
    ];
  }
  const duties = new Set(legal.duties.map(({ id }) => id));
  return [
    ...checkFloor(policy, legal),
    ...checkLoosening(policy, { legal, contracts: around.contracts }),
    ...checkNarrowing(policy, around.contracts),
    ...checkPublished(policy, legal),
    ...policy.purposes.flatMap(({ id }, at): Finding[] =>
      duties.has(id)
        ? [
            {
              path: ['purposes', at, 'id'],
              severity: 'error',
              message: 'the legal pack defines this id as a duty',
            },
          ]
        : [],
    ),
    ...policy.sources.flatMap(({ id }, at): Finding[] =>
      around.contracts.has(id)
        ? []
        : [
            {
              path: ['sources', at, 'id'],
              severity: 'warning',
              message: 'no source contract, so nothing from this source may be used',
            },
          ],
    ),
  ];
}
