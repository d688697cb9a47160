import { type Finding, pointerOf } from './faults.js';
import type { LegalPack } from './legal-pack-schema.js';
import type { Policy } from './policy-schema.js';
import type { OwedOnly, PublishedItem } from './words.js';

type Path = readonly PropertyKey[];

/** Something that people have to be able to look up and that the policy doesn't state. */
export interface MissingItem {
  readonly item: PublishedItem;
  /** The provision that asks for it. */
  readonly article: string;
  /** JSON pointer of the field that would state it. */
  readonly field: string;
  /** Owed only where this holds, which no policy file says. */
  readonly only?: OwedOnly;
}

const unless = (stated: unknown, path: Path): readonly Path[] => (stated ? [] : [path]);

/** Of a filing (APPI Art. 27(2)): only where the policy provides data by opt-out. */
const filed =
  (field: keyof NonNullable<Policy['third_party']['filing']>) =>
  ({ third_party: { bases, filing } }: Policy): readonly Path[] =>
    (bases ?? []).includes('opt_out_filed')
      ? unless(filing?.[field], ['third_party', 'filing', field])
      : [];

/** Of each joint use (APPI Art. 27(5)(iii)). */
const jointly =
  (field: 'address' | 'representative') =>
  ({ joint_use: joint }: Policy): readonly Path[] =>
    Array.isArray(joint)
      ? joint.flatMap((one, at) => unless(one[field], ['joint_use', at, field]))
      : [];

/** The fields that would state each item and don't. */
const LACKING: Readonly<Record<PublishedItem, (policy: Policy) => readonly Path[]>> = {
  operator_name: ({ controller }) => unless(controller, ['controller', 'name']),
  operator_address: ({ controller }) => unless(controller?.address, ['controller', 'address']),
  operator_representative: ({ controller }) =>
    unless(controller?.representative, ['controller', 'representative']),
  purposes: ({ categories, grants }) =>
    categories.flatMap(({ id }, at) =>
      unless(
        grants.some(({ category }) => category.includes(id)),
        ['categories', at],
      ),
    ),
  procedures: ({ rights }) => unless(rights?.intake, ['rights', 'intake']),
  safety_measures: ({ safety_measures: measures }) => unless(measures, ['safety_measures']),
  complaint_desk: ({ controller }) => {
    const { phone, email, address } = controller?.desk ?? {};
    return unless(phone ?? email ?? address, ['controller', 'desk']);
  },
  accredited_body: ({ controller }) =>
    unless(controller?.accredited_body, ['controller', 'accredited_body']),
  joint_use_address: jointly('address'),
  joint_use_representative: jointly('representative'),
  filing_operator: filed('operator'),
  filing_items: filed('items'),
  filing_how_acquired: filed('how_acquired'),
  filing_how_provided: filed('how_provided'),
  filing_how_to_stop: filed('how_to_stop'),
  filing_how_updated: filed('how_updated'),
  filing_start: filed('start'),
  transmitted_items: ({ cookies }) =>
    cookies ? unless(cookies.attributes, ['cookies', 'attributes']) : [],
};

const lackingOf = (policy: Policy, legal: LegalPack) =>
  legal.published.flatMap(({ item, ...rule }) =>
    LACKING[item](policy).map((path) => ({ item, ...rule, path })),
  );

/** What the law wants people to be able to look up and the policy doesn't state, in the order of the legal pack. */
export const missingItems = (policy: Policy, legal: LegalPack): MissingItem[] =>
  lackingOf(policy, legal).map(({ item, article, only, path }) => ({
    item,
    article,
    field: pointerOf(path),
    ...(only === undefined ? {} : { only }),
  }));

const OWED_BY: Readonly<Record<OwedOnly, string>> = {
  accredited_member: 'members of an accredited body only',
  designated_service: 'services under the Act only, which a shop of own goods is not',
};

/** The same as warnings of the check of a file. */
export const checkPublished = (policy: Policy, legal: LegalPack): Finding[] =>
  lackingOf(policy, legal).map(({ item, article, only, path }) => ({
    path,
    severity: 'warning',
    message: `people can't look this up: ${item} (${article})${only === undefined ? '' : `; owed by ${OWED_BY[only]}`}`,
  }));
