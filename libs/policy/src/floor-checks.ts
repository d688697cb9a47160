import { type Finding, pointerOf } from './faults.js';
import type { LegalPack } from './legal-pack-schema.js';
import { checkLoosening, checkNarrowing } from './loosening-checks.js';
import type { Policy } from './policy-schema.js';
import { checkPublished } from './published-items.js';
import type { SourceContract } from './source-contract-schema.js';

type Path = readonly PropertyKey[];

/** One place at which a text is weaker than the law. */
interface Spot {
  readonly path: Path;
  /** The provision whose floor is applied instead. */
  readonly article: string;
  /** What the sentence of the point names: a number, or ids of a closed list. */
  readonly about?: readonly (string | number)[];
}

/** One point at which a text may be weaker than the law. */
interface FloorPoint {
  /** What is applied instead; `{about}` stands for what the spot names. */
  readonly says: string;
  readonly weaker: (policy: Policy, legal: LegalPack) => readonly Spot[];
}

const NO_SUCH_GROUND = 'no such ground: never used';

/** Every point of the legal pack that a policy file can fall short of, in the order in which they are told. */
const FLOOR = {
  opt_in: {
    says: 'recorded consent first',
    weaker: (policy, legal) =>
      legal.opt_in_channels
        .filter(({ channel }) => policy.channel_defaults[channel] === 'opt_out')
        .map(({ channel, article }) => ({ path: ['channel_defaults', channel], article })),
  },
  ad_bases: {
    says: 'only {about}',
    weaker: ({ ad_matching: ads }, { ad_matching: { bases, article } }) =>
      (ads?.bases ?? []).flatMap((basis, index) =>
        bases.includes(basis)
          ? []
          : [{ path: ['ad_matching', 'bases', index], article, about: bases }],
      ),
  },
  hashed: {
    says: 'a hashed contact point stays personal data',
    weaker: ({ ad_matching: ads }, { ad_matching: { article } }) =>
      ads?.hashed_as === 'non_identifying' ? [{ path: ['ad_matching', 'hashed_as'], article }] : [],
  },
  review_months: {
    says: 'every {about} months',
    weaker: ({ processors }, { foreign_transfer: { review_months: months, article } }) =>
      (processors.review_months ?? Infinity) > months
        ? [{ path: ['processors', 'review_months'], article, about: [months] }]
        : [],
  },
  supervision: {
    says: 'a contract and supervision, never education alone',
    weaker: ({ processors: { evidence } }, { processors: { article } }) =>
      (evidence ?? []).includes('education') ? [{ path: ['processors', 'evidence'], article }] : [],
  },
  notice_before_submitting: {
    says: 'notice before the person submits',
    weaker: ({ consent_at_acquisition: stated }, { notice_at_acquisition: { article } }) =>
      stated === 'none' ? [{ path: ['consent_at_acquisition'], article }] : [],
  },
  notice_before_typing: {
    says: 'notice before typing',
    weaker: ({ form_abandoned: form }, { notice_at_acquisition: { article } }) =>
      form?.use && !form.notice_before_typing
        ? [{ path: ['form_abandoned', 'notice_before_typing'], article }]
        : [],
  },
  group_use: {
    says: 'companies of the group are third parties',
    weaker: ({ group_use_stated: stated, joint_use: joint }, { joint_use: { article } }) =>
      stated && !joint?.length ? [{ path: ['group_use_stated'], article }] : [],
  },
  joint_use_notice: {
    says: 'address and representative of the one responsible, or no joint use',
    weaker: ({ joint_use: joint }, { joint_use: { article } }) =>
      Array.isArray(joint)
        ? joint.flatMap(({ address, representative }, index) =>
            address && representative ? [] : [{ path: ['joint_use', index], article }],
          )
        : [],
  },
  filing: {
    says: 'a filing with all {about} items, or no provision by opt-out',
    weaker: ({ third_party: { bases, filing } }, { provision: law }) =>
      (bases ?? []).includes('opt_out_filed') && !filingComplete(filing)
        ? [
            {
              path: ['third_party', 'filing'],
              article: law.filing_article,
              about: [law.filing_items],
            },
          ]
        : [],
  },
  exceptions: {
    says: NO_SUCH_GROUND,
    weaker: ({ third_party: { exceptions } }, { provision: { grounds, article } }) =>
      (exceptions ?? []).flatMap(({ ground }, index) =>
        grounds.some((known) => known.ground === ground)
          ? []
          : [{ path: ['third_party', 'exceptions', index], article }],
      ),
  },
  refused_grounds: {
    says: NO_SUCH_GROUND,
    weaker: ({ third_party: { refused_grounds: grounds } }, { provision: { article } }) =>
      (grounds ?? []).map((_, index) => ({
        path: ['third_party', 'refused_grounds', index],
        article,
      })),
  },
  retention: {
    says: 'erased when no longer needed, and on justified request',
    weaker: ({ retention }, { retention: { article } }) =>
      retention?.default_days === null ? [{ path: ['retention', 'default_days'], article }] : [],
  },
  rights: {
    says: '{about} too',
    weaker: ({ rights }, { rights: law }) =>
      law.types
        .filter(({ type }) => !(rights?.types ?? []).includes(type))
        .map(({ type, article }) => ({
          path: rights ? ['rights', 'types'] : [],
          article,
          about: [type],
        })),
  },
  fees: {
    says: 'a fee only for {about}',
    weaker: ({ rights }, { rights: { fee_types: paid, fee_article: article } }) =>
      (rights?.fees ?? []).flatMap(({ types }, index) =>
        types.every((type) => paid.includes(type))
          ? []
          : [{ path: ['rights', 'fees', index, 'types'], article, about: paid }],
      ),
  },
  electronic_answer: {
    says: 'an electronic answer where the person asks for it',
    weaker: (
      { rights },
      {
        rights: {
          electronic_answer: { article },
        },
      },
    ) =>
      rights?.response?.media && !rights.response.media.includes('email')
        ? [{ path: ['rights', 'response', 'media'], article }]
        : [],
  },
  answer_days: {
    says: 'without delay; a suit is possible after {about} days',
    weaker: ({ rights }, { rights: { answer_days: days, answer_article: article } }) =>
      (rights?.response?.at_least_days ?? 0) >= days
        ? [{ path: ['rights', 'response', 'at_least_days'], article, about: [days] }]
        : [],
  },
  suspension_grounds: {
    says: '{about} too',
    weaker: (
      { rights },
      { rights: { suspension_grounds: grounds, suspension_article: article } },
    ) => {
      const stated = rights?.suspension?.grounds ?? [];
      if (stated.length === 0 || stated.includes('any')) return [];
      const about = grounds.filter((ground) => !stated.includes(ground));
      return about.length === 0
        ? []
        : [{ path: ['rights', 'suspension', 'grounds'], article, about }];
    },
  },
  excluded: {
    says: 'what is tied to a person is disclosed',
    weaker: ({ rights }, { rights: { scope_article: article } }) =>
      (rights?.excluded ?? []).map((_, index) => ({
        path: ['rights', 'excluded', index],
        article,
      })),
  },
  identity: {
    says: 'the eligibility certificate in place of the insurance card',
    weaker: ({ rights }, { rights: { identity_article: article } }) => {
      const papers = rights?.identity?.one_of ?? [];
      return papers.includes('health_insurance_card') && !papers.includes('eligibility_certificate')
        ? [{ path: ['rights', 'identity', 'one_of'], article }]
        : [];
    },
  },
} as const satisfies Readonly<Record<string, FloorPoint>>;

export type FloorCode = keyof typeof FLOOR;

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

/** A point at which a text is weaker than the law, and what is applied instead. */
export interface WeakerPoint extends Omit<Spot, 'path'> {
  readonly code: FloorCode;
  /** JSON pointer. */
  readonly field: string;
  /** In English, without the article. */
  readonly floor: string;
}

const weakerAt = (policy: Policy, legal: LegalPack) =>
  (Object.entries(FLOOR) as [FloorCode, FloorPoint][]).flatMap(([code, { says, weaker }]) =>
    weaker(policy, legal).map((spot) => ({
      code,
      ...spot,
      floor: says.replace('{about}', (spot.about ?? []).join(', ')),
    })),
  );

/** Every point at which the text is weaker than the law. */
export const weakerPoints = (policy: Policy, legal: LegalPack): WeakerPoint[] =>
  weakerAt(policy, legal).map(({ path, ...point }) => ({ field: pointerOf(path), ...point }));

/** The same as warnings of the check of a file. */
const checkFloor = (policy: Policy, legal: LegalPack): Finding[] =>
  weakerAt(policy, legal).map(({ path, floor, article }) => ({
    path,
    severity: 'warning',
    message: `weaker than the law; applied: ${floor} (${article})`,
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
