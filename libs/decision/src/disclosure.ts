import { CONTACT_KINDS, type Instant } from '@kyoka/kernel';
import type { DisclosureNeed, LegalPack, Policy, PolicySet } from '@kyoka/policy';
import type { Reason } from './decide.js';
import type { ReasonCode } from './reason-codes.js';

/** The name by which a freeze covers exceptional disclosure; one of every purpose does not. */
export const EXCEPTIONAL_DISCLOSURE = 'exceptional_disclosure';

/** What of a person is held and can be handed over. */
export const DISCLOSABLE_ITEMS = [...CONTACT_KINDS, 'orders'] as const;
export type DisclosableItem = (typeof DISCLOSABLE_ITEMS)[number];

/** A case of disclosure without consent, as far as it decides whether its ground stands. */
export interface DisclosureCase {
  /** `id@version`. */
  readonly policy: string;
  /** Two people have switched that version on. */
  readonly inForce: boolean;
  /** Of the legal pack, or what somebody took for one. */
  readonly ground: string;
  readonly items: readonly string[];
  readonly stated: ReadonlySet<DisclosureNeed>;
  /** The last moment at which it may be handed over. */
  readonly until?: Instant;
  readonly at: Instant;
  /** A freeze names it. */
  readonly frozen: boolean;
  /** Absent: nobody is known by that name, or they were erased. */
  readonly subject?: {
    /** The version under which the data was acquired, `null` if that is not known. */
    readonly acquiredUnder: string | null;
  };
}

interface Terms {
  readonly asked: DisclosureCase;
  readonly policy: Policy | undefined;
  readonly legal: LegalPack | undefined;
  readonly ground: LegalPack['provision']['grounds'][number] | undefined;
  /** Whose text has to name the ground: the version asked for, and the one of the acquisition. */
  readonly texts: readonly (readonly [version: string, policy: Policy])[];
}

/** Where a ground of refusal lies and what it says; `undefined` where it doesn't apply. */
type Ground = (terms: Terms) => Pick<Reason, 'rule' | 'detail'> | undefined;

const RULES: readonly { readonly code: ReasonCode; readonly applies: Ground }[] = [
  {
    code: 'unknown_policy',
    applies: ({ asked, policy, legal }) =>
      policy && legal && asked.inForce
        ? undefined
        : { rule: 'policies', detail: 'no such version is in force' },
  },
  {
    code: 'unknown_policy',
    applies: (terms) => {
      const { acquiredUnder } = terms.asked.subject ?? {};
      return byText(terms) && acquiredUnder && terms.texts.every(([key]) => key !== acquiredUnder)
        ? { rule: 'policies', detail: 'the data was acquired under a version that is not known' }
        : undefined;
    },
  },
  {
    code: 'unknown_subject',
    applies: ({ asked }) =>
      asked.subject === undefined
        ? { rule: 'subject', detail: 'nobody is known by that name, or they were erased' }
        : undefined,
  },
  {
    code: 'facts_incomplete',
    applies: (terms) =>
      byText(terms) && terms.asked.subject?.acquiredUnder === null
        ? { rule: terms.asked.policy, detail: 'not known: acquired.policyVersion' }
        : undefined,
  },
  {
    code: 'facts_incomplete',
    applies: (terms) => {
      const { legal, ground } = terms;
      const missing = missingOf(terms);
      return ground && missing.length > 0
        ? { rule: groundPlace(legal, ground), detail: `not stated: ${missing.join(', ')}` }
        : undefined;
    },
  },
  {
    code: 'frozen',
    applies: ({ asked }) =>
      asked.frozen
        ? { rule: 'freeze', detail: 'The operator froze exceptional disclosure.' }
        : undefined,
  },
  {
    code: 'provision_not_allowed',
    applies: (terms) => {
      const silent = terms.texts.find(([, text]) => byText(terms) && !names(text, terms.asked));
      return (
        silent && { rule: silentPlace(silent, terms.asked), detail: 'not a ground of the text' }
      );
    },
  },
  {
    code: 'item_not_allowed',
    applies: ({ policy, asked: { items } }) =>
      policy && !items.every(isDisclosable)
        ? { rule: 'items', detail: `one of ${DISCLOSABLE_ITEMS.join(', ')}` }
        : undefined,
  },
  {
    code: 'item_not_allowed',
    applies: (terms) => {
      const narrow = terms.texts.find(
        ([
          ,
          {
            third_party: { items },
          },
        ]) => {
          return byText(terms) && items && !terms.asked.items.every((item) => items.includes(item));
        },
      );
      return narrow && { rule: `${narrow[0]}#/third_party/items`, detail: 'not among its items' };
    },
  },
  {
    code: 'period_missing',
    applies: ({ asked }) =>
      asked.until === undefined ? { rule: 'until', detail: 'no last day is named' } : undefined,
  },
  {
    code: 'outside_period',
    applies: ({ asked: { until, at } }) =>
      until !== undefined && until < at
        ? { rule: 'until', detail: 'its last day is over' }
        : undefined,
  },
  {
    code: 'legal_floor',
    applies: ({ legal, ground }) =>
      legal && !ground
        ? { rule: legal.provision.article, detail: 'the law knows no such ground' }
        : undefined,
  },
];

/** How a case stands under the texts and the law. */
export interface DisclosureStanding {
  /** Why it does not stand, one entry a code, in the order of the closed list; empty where it does. */
  readonly reasons: readonly Reason[];
  /** What it still has to state, in the order of the legal pack. */
  readonly missing: readonly DisclosureNeed[];
  /** The article of its ground; absent for what the law does not know. */
  readonly article?: string;
}

/**
 * Whether a case of disclosure without the person's consent stands. It is for people to open, approve
 * and carry out: no decision about a use ever rests on it. The person's own stops are not asked for,
 * since the grounds of APPI Art. 27(1) hold against the person's will.
 */
export function disclosureStanding(set: PolicySet, asked: DisclosureCase): DisclosureStanding {
  const terms = termsOf(set, asked);
  const applying = RULES.flatMap(({ code, applies }) => {
    const place = applies(terms);
    return place ? [{ code, ...place }] : [];
  });
  return {
    reasons: [...Map.groupBy(applying, ({ code }) => code).values()].map((same) => ({
      ...(same[0] as Reason),
      detail: same.map(({ detail }) => detail).join('; '),
    })),
    missing: missingOf(terms),
    ...(terms.ground && { article: terms.ground.article }),
  };
}

const missingOf = ({ ground, asked: { stated } }: Terms): DisclosureNeed[] =>
  (ground?.needs ?? []).filter((need) => !stated.has(need));

function termsOf(set: PolicySet, asked: DisclosureCase): Terms {
  const policy = set.policies.get(asked.policy);
  const legal = policy && set.legal.get(policy.policy.legal_pack);
  const versions = [...new Set([asked.policy, asked.subject?.acquiredUnder ?? asked.policy])];
  return {
    asked,
    policy,
    legal,
    ground: legal?.provision.grounds.find(({ ground }) => ground === asked.ground),
    texts: versions.flatMap((key) => {
      const text = set.policies.get(key);
      return text === undefined ? [] : [[key, text] as const];
    }),
  };
}

/** Whether the ground stands only where the texts name it. */
const byText = ({ ground }: Terms): boolean => ground?.whatever_the_text !== true;

const names = ({ third_party: { exceptions } }: Policy, { ground }: DisclosureCase): boolean =>
  (exceptions ?? []).some((one) => one.ground === ground);

const isDisclosable = (item: string): item is DisclosableItem =>
  (DISCLOSABLE_ITEMS as readonly string[]).includes(item);

/** A ground that the text names and the law doesn't has a place of its own. */
function silentPlace([version, text]: Terms['texts'][number], { ground }: DisclosureCase): string {
  const refused = (text.third_party.refused_grounds ?? []).findIndex(({ id }) => id === ground);
  return `${version}#/third_party/${refused < 0 ? 'exceptions' : `refused_grounds/${refused}`}`;
}

const groundPlace = (legal: Terms['legal'], ground: NonNullable<Terms['ground']>): string =>
  `${legal?.legal_pack.id ?? 'legal'}#/provision/grounds/${legal?.provision.grounds.indexOf(ground) ?? 0}`;
