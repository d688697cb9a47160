import { CHANGE_ARTICLE, neverRelated } from './change-checks.js';
import { channelWords, type Policy } from './policy-schema.js';
import { type ChangeKind } from './words.js';

/** One thing that a version gives and an earlier one doesn't, and as what it may be declared. */
interface Gain {
  /** As a declared change names it. */
  readonly name: string;
  /** The purpose gained, where it is one: `purposes` of a declaration names it. */
  readonly purpose?: string;
  readonly declarable: readonly ChangeKind[];
}

/** A gain that nothing declares for data of the older version, and what was expected. */
interface UndeclaredGain {
  readonly name: string;
  readonly expected: string;
}

const EITHER: readonly ChangeKind[] = ['related', 'by_new_consent'];

/**
 * What a new version gives for data that was taken in under an older one without declaring it (APPI
 * Art. 17(2)). Something that rests on each person's own consent may be declared as that; something
 * that decisions can't keep old data out of can't be declared at all.
 */
export function undeclaredGains(older: Policy, newer: Policy): UndeclaredGain[] {
  return gainsOf(older, newer)
    .filter((gain) => !isDeclared(gain, older.policy.version, newer))
    .map(({ name, declarable }) => ({
      name,
      expected:
        declarable.length === 0
          ? `a purpose of its own: older data can not be kept out of it (${CHANGE_ARTICLE})`
          : `declared in changes as ${declarable.join(' or ')} (${CHANGE_ARTICLE})`,
    }));
}

const isDeclared = (gain: Gain, version: number, { changes = [] }: Policy): boolean =>
  changes.some(
    (change) =>
      change.data_of.includes(version) &&
      gain.declarable.includes(change.as) &&
      ((gain.purpose !== undefined && (change.purposes ?? []).includes(gain.purpose)) ||
        (change.gains ?? []).includes(gain.name)),
  );

const gainsOf = (older: Policy, newer: Policy): Gain[] => [
  ...purposes(older, newer),
  ...channels(older, newer),
  ...bases(older, newer),
  ...recipients(older, newer),
  ...owners(older, newer),
  ...terms(older, newer),
];

type Granted = ReadonlyMap<string, readonly string[]>;

/** `category purpose` → the channels in words. */
const grantsOf = ({ grants }: Policy): Granted =>
  new Map(
    grants.flatMap((grant) =>
      grant.category.map((id): [string, readonly string[]] => [
        `${id} ${grant.purpose}`,
        channelWords(grant),
      ]),
    ),
  );

const isOptional = ({ purposes }: Policy, purpose: string): boolean =>
  purposes.some(({ id, kind }) => id === purpose && (kind === 'marketing' || kind === 'analytics'));

/**
 * Whether a purpose may be declared as related for the data that an older version took in of one
 * category (APPI Art. 17(2)): people who were only served may not be advertised to or analysed by
 * declaring it, though others with the same purpose were.
 */
export function mayBeRelated(
  older: Policy,
  newer: Policy,
  { category, purpose }: { readonly category: string; readonly purpose: string },
): boolean {
  if (neverRelated(newer, purpose) !== undefined) return false;
  return (
    !isOptional(newer, purpose) ||
    older.grants.some((one) => one.category.includes(category) && isOptional(older, one.purpose))
  );
}

function purposes(older: Policy, newer: Policy): Gain[] {
  const before = grantsOf(older);
  return [...grantsOf(newer).keys()]
    .filter((grant) => !before.has(grant))
    .map((grant): Gain => {
      const [category, purpose] = grant.split(' ') as [string, string];
      return {
        name: `grant ${grant}`,
        purpose,
        declarable: mayBeRelated(older, newer, { category, purpose }) ? EITHER : ['by_new_consent'],
      };
    });
}

function channels(older: Policy, newer: Policy): Gain[] {
  const before = grantsOf(older);
  return [...grantsOf(newer)].flatMap(([grant, named]) =>
    named
      .filter((channel) => before.get(grant)?.includes(channel) === false)
      .map((channel): Gain => ({
        name: `channel ${grant} ${channel}`,
        declarable: channel === 'ads' ? ['by_new_consent'] : ['related'],
      })),
  );
}

const STRENGTH = { off: 0, opt_in: 1, opt_out: 2 } as const;

/** A channel that rested on consent and rests on the text alone now, or was not used at all. */
const bases = (older: Policy, newer: Policy): Gain[] =>
  Object.entries(newer.channel_defaults).flatMap(([channel, basis]): Gain[] => {
    const before = older.channel_defaults[channel as keyof typeof older.channel_defaults] ?? 'off';
    return STRENGTH[basis] > STRENGTH[before]
      ? [
          {
            name: `basis ${channel} ${basis}`,
            declarable: basis === 'opt_in' ? EITHER : ['related'],
          },
        ]
      : [];
  });

/** Consents name a recipient or a group, so one that joins a group would get data by older consents. */
function recipients(older: Policy, newer: Policy): Gain[] {
  const before = new Map(older.ad_matching?.recipients.map((one) => [one.id, one.groups]));
  const groups = new Set([...before.values()].flat());
  return (newer.ad_matching?.recipients ?? []).flatMap(({ id, groups: joined }): Gain[] => {
    const known = before.get(id);
    const entered = joined.filter((one) => groups.has(one) && known?.includes(one) !== true);
    return [
      ...(known ? [] : [{ name: `recipient ${id}`, declarable: ['by_new_consent'] as const }]),
      ...entered.map((group) => ({ name: `group ${group} ${id}`, declarable: [] })),
    ];
  });
}

function owners(older: Policy, newer: Policy): Gain[] {
  const of = ({ purposes: all }: Policy, id: string) => all.find((one) => one.id === id);
  return newer.purposes.flatMap(({ id, owner = ['own'] }) => {
    const before = of(older, id);
    return owner
      .filter((one) => before && !(before.owner ?? ['own']).includes(one))
      .map((one): Gain => ({
        name: `owner ${id} ${one}`,
        declarable: one === 'third_party' ? [] : ['related'],
      }));
  });
}

const TERMS: Readonly<Record<string, (policy: Policy) => number>> = {
  'consents.valid_months': ({ consents }) => consents?.valid_months ?? Infinity,
  'form_abandoned.keep_days': ({ form_abandoned: form }) => (form?.use ? form.keep_days : 0),
  'retention.default_days': ({ retention }) => retention?.default_days ?? Infinity,
  'use_limits.max_days': ({ use_limits: limits }) => limits?.max_days ?? Infinity,
};

const terms = (older: Policy, newer: Policy): Gain[] =>
  Object.entries(TERMS)
    .filter(([, of]) => of(newer) > of(older))
    .map(([name]) => ({ name: `term ${name}`, declarable: ['related'] }));
