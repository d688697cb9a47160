import { checkChanges } from './change-checks.js';
import { checkContradictions } from './contradiction-checks.js';
import type { Finding } from './faults.js';
import type { Policy } from './policy-schema.js';

type Path = readonly PropertyKey[];

const error = (path: Path, message: string): Finding => ({ path, severity: 'error', message });
const warning = (path: Path, message: string): Finding => ({ path, severity: 'warning', message });

/** What a schema can't see: references, repetitions and contradictions inside one policy file. */
export function checkPolicy(policy: Policy): Finding[] {
  const known = {
    category: idsOf(policy.categories),
    purpose: idsOf(policy.purposes),
    source: idsOf(policy.sources),
  };
  const refer = (kind: keyof typeof known, ids: readonly string[], path: Path): Finding[] =>
    ids.flatMap((id, at) =>
      known[kind].has(id) ? [] : [error([...path, at], `names a ${kind} that is not defined`)],
    );
  return [
    ...repeated(policy.categories, ['categories']),
    ...repeated(policy.sources, ['sources']),
    ...repeated(policy.purposes, ['purposes']),
    ...repeated(policy.ad_matching?.recipients ?? [], ['ad_matching', 'recipients']),
    ...policy.sources.flatMap(({ yields }, at) =>
      refer('category', yields, ['sources', at, 'yields']),
    ),
    ...policy.grants.flatMap(({ category, purpose }, at) => [
      ...refer('category', category, ['grants', at, 'category']),
      ...(known.purpose.has(purpose)
        ? []
        : [error(['grants', at, 'purpose'], 'names a purpose that is not defined')]),
    ]),
    ...grantedTwice(policy),
    ...unmarketable(policy),
    ...policy.grants.flatMap(({ channels, etc_widens: widens }, at) =>
      widens && channels === 'by_consent'
        ? [error(['grants', at, 'etc_widens'], 'no list of channels is there to be widened')]
        : [],
    ),
    ...refer('category', policy.cookie_linking ?? [], ['cookie_linking']),
    ...refer('purpose', policy.after_cancellation ?? [], ['after_cancellation']),
    ...refer('purpose', policy.form_abandoned?.purposes ?? [], ['form_abandoned', 'purposes']),
    ...refer('purpose', policy.third_party.purposes ?? [], ['third_party', 'purposes']),
    ...refer('category', policy.self_service?.who ?? [], ['self_service', 'who']),
    ...(policy.retention?.rules ?? []).flatMap(({ source, purpose }, at) => [
      ...(source === undefined ? [] : refer('source', [source], ['retention', 'rules', at])),
      ...(purpose === undefined ? [] : refer('purpose', [purpose], ['retention', 'rules', at])),
    ]),
    ...checkChanges(policy),
    ...checkContradictions(policy),
    ...adMatching(policy),
    ...unusable(policy),
  ];
}

const idsOf = (list: readonly { id: string }[]): Set<string> => new Set(list.map(({ id }) => id));

function repeated(list: readonly { id: string }[], path: Path): Finding[] {
  return list.flatMap(({ id }, at) =>
    list.findIndex((other) => other.id === id) < at
      ? [error([...path, at, 'id'], 'this id is defined twice')]
      : [],
  );
}

function grantedTwice(policy: Policy): Finding[] {
  const seen = new Set<string>();
  return policy.grants.flatMap(({ category, purpose }, at) =>
    category.flatMap((id, position) => {
      const pair = `${id} ${purpose}`;
      if (!seen.has(pair)) {
        seen.add(pair);
        return [];
      }
      return [error(['grants', at, 'category', position], 'this category has the purpose already')];
    }),
  );
}

function unmarketable(policy: Policy): Finding[] {
  const marketable = idsOf(policy.categories.filter((category) => category.marketable));
  const defined = idsOf(policy.categories);
  const marketing = idsOf(policy.purposes.filter(({ kind }) => kind === 'marketing'));
  return policy.grants.flatMap(({ category, purpose }, at) =>
    category.flatMap((id, position) =>
      marketing.has(purpose) && defined.has(id) && !marketable.has(id)
        ? [
            error(
              ['grants', at, 'category', position],
              'a marketing purpose needs a category that is marketable',
            ),
          ]
        : [],
    ),
  );
}

function adMatching(policy: Policy): Finding[] {
  const ads = policy.ad_matching;
  if (!ads) return [];
  const purpose = policy.purposes.find(({ id }) => id === ads.purpose);
  if (purpose?.kind === 'marketing') return [];
  return [error(['ad_matching', 'purpose'], 'expected a defined purpose of kind marketing')];
}

/** Grants that can never be used as the file stands. */
function unusable(policy: Policy): Finding[] {
  const marketing = idsOf(policy.purposes.filter(({ kind }) => kind === 'marketing'));
  const granted = new Set(policy.grants.map(({ purpose }) => purpose));
  const ungranted = policy.purposes.flatMap(({ id }, at) =>
    granted.has(id) ? [] : [warning(['purposes', at, 'id'], 'no category is granted this purpose')],
  );
  const silent = policy.grants.flatMap(({ purpose, channels }, at) =>
    channels === 'by_consent' || !marketing.has(purpose)
      ? []
      : channels.flatMap((channel, position) => {
          const usable =
            channel === 'ads'
              ? policy.ad_matching !== undefined
              : (policy.channel_defaults[channel] ?? 'off') !== 'off';
          return usable
            ? []
            : [
                warning(
                  ['grants', at, 'channels', position],
                  'nothing says what marketing on this channel rests on, so it stays refused',
                ),
              ];
        }),
  );
  return [...ungranted, ...silent];
}
