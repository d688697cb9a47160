import { formatInstant, type Instant, type StopKind } from '@kyoka/kernel';
import type { PersonAtom } from '../person-atoms.js';
import type { SourceTerms } from '../source-terms.js';
import type { Terms } from '../terms.js';
import type { Bind } from './bindings.js';
import { stopBit } from './facts-relation.js';
import { anyOf, notOf, type Predicate } from './predicate.js';

type PredicateOf = (terms: Terms, bind: Bind) => Predicate;

const oneOf = (column: string, values: Iterable<string>, bind: Bind): Predicate => {
  const list = [...values];
  return list.length > 0 && `coalesce(f.${column} = any (${bind(list, 'text[]')}), false)`;
};

const instant = (at: Instant, bind: Bind): string => bind(formatInstant(at), 'timestamptz');

const isClass =
  (...classes: readonly string[]): PredicateOf =>
  (_, bind) =>
    oneOf('contact_class', classes, bind);

const stopped =
  (kind: StopKind): PredicateOf =>
  () =>
    `(f.stops & ${stopBit(kind)}) <> 0`;

/** Without contact points that carry the channel, what counts is the source the person came through. */
const named = ({ contactKinds }: Terms, sources: readonly string[], bind: Bind): Predicate =>
  contactKinds.length > 0
    ? `coalesce(f.sources && ${bind(sources, 'text[]')}, false)`
    : oneOf('acquired_source', sources, bind);

const own = (source: string, bind: Bind): string =>
  `(f.acquired_source is not distinct from ${bind(source, 'text')})`;

/** One predicate for each source whose terms `part` accepts, joined by `or`. */
const ofSources =
  (
    accepts: (terms: SourceTerms) => boolean,
    part: (source: string, terms: SourceTerms, bind: Bind) => Predicate = () => true,
  ): PredicateOf =>
  (terms, bind) => {
    const parts = [...terms.sources]
      .filter(([, source]) => accepts(source))
      .map(([id, source]) => ({ id, when: part(id, source, bind) }));
    const plain = parts.filter(({ when }) => when === true).map(({ id }) => id);
    return anyOf([
      plain.length > 0 && named(terms, plain, bind),
      ...parts
        .filter(({ when }) => typeof when === 'string')
        .map(({ id, when }) => `(${named(terms, [id], bind)} and ${when})`),
    ]);
  };

function noticeMissing(source: string, { notice }: SourceTerms, bind: Bind): Predicate {
  switch (notice) {
    case 'shown':
      return `not (${own(source, bind)} and coalesce(f.notice_shown, false))`;
    case 'not_refused':
      return `(${own(source, bind)} and coalesce(not f.notice_shown, false))`;
    case 'any':
      return false;
  }
}

const over = (source: string, { notBefore }: SourceTerms, bind: Bind): Predicate =>
  notBefore !== undefined &&
  `(${own(source, bind)} and coalesce(f.acquired_at < ${instant(notBefore, bind)}, false))`;

const untimed = (source: string, { notBefore }: SourceTerms, bind: Bind): Predicate =>
  notBefore !== undefined && `not (${own(source, bind)} and f.acquired_at is not null)`;

const permits = ({ permits: given }: SourceTerms): boolean => given;

/**
 * The same atoms as `PERSON_ATOMS`, as SQL over the relation `f`. One entry an atom, so that an atom
 * without one doesn't compile; a property test holds the two against each other.
 */
export const PERSON_PREDICATES: Readonly<Record<PersonAtom, PredicateOf>> = {
  subjectKnown: () => true,
  categoryGiven: () => 'f.category is not null',
  categoryKnown: ({ categories }, bind) => oneOf('category', categories, bind),
  purposeGranted: ({ granted }, bind) => oneOf('category', granted.keys(), bind),
  channelNamed: ({ naming }, bind) => oneOf('category', naming, bind),
  channelByConsent: ({ byConsent }, bind) => oneOf('category', byConsent, bind),
  versionGiven: () => 'f.policy_version is not null',
  versionKnown: ({ versions }, bind) => oneOf('policy_version', versions.keys(), bind),
  versionGranted: ({ versions }, bind) =>
    anyOf(
      [...versions].map(([version, categories]) => {
        const granted = oneOf('category', categories, bind);
        return granted && `(${oneOf('policy_version', [version], bind)} and ${granted})`;
      }),
    ),
  versionConsented: ({ versions }, bind) =>
    versions.size > 1 &&
    anyOf(
      [...versions].map(([version, categories]) => {
        const granted = oneOf('category', categories, bind);
        return granted && `(${bind(version, 'text')} = any (f.renewed) and ${granted})`;
      }),
    ),
  versionMatters: ({ versions }, bind) => {
    const [first, ...others] = [...versions.values()];
    if (!first) return false;
    const everywhere = [...first].filter((category) =>
      others.every((granted) => granted.has(category)),
    );
    return notOf(oneOf('category', everywhere, bind));
  },
  linkable: ({ linkable }, bind) => oneOf('category', linkable, bind),
  statusGiven: () => true,
  cancelled: () => 'f.cancelled',
  contactGiven: () => 'f.contact_kind is not null',
  contactClassGiven: () => 'f.contact_kind is not null',
  contactRelay: isClass('relay'),
  contactInvalid: isClass('invalid'),
  contactUnmatchable: isClass('alias', 'role'),
  contactConfirmed: ({ at }, bind) => `coalesce(f.confirmed_at <= ${instant(at, bind)}, false)`,
  contactItemListed: ({ policy, question }, bind) => {
    const items = question.recipient?.items ?? [];
    const kinds = Object.entries(policy?.ad_matching?.items ?? {});
    return oneOf(
      'contact_kind',
      kinds.filter(([, item]) => items.includes(item)).map(([kind]) => kind),
      bind,
    );
  },
  sourcesGiven: ({ contactKinds }) =>
    contactKinds.length > 0 ? 'f.sources is not null' : 'f.acquired_source is not null',
  sourceMatters: ({ sourceMatters }, bind) => oneOf('category', sourceMatters, bind),
  sourceAllows: ofSources(permits, (id, source, bind) =>
    notOf(
      anyOf([noticeMissing(id, source, bind), over(id, source, bind), untimed(id, source, bind)]),
    ),
  ),
  sourceUnknown: ({ contactKinds, sources }, bind) => {
    const known = bind([...sources.keys()], 'text[]');
    return contactKinds.length > 0
      ? `coalesce(not f.sources <@ ${known} or cardinality(f.sources) = 0, false)`
      : `coalesce(not f.acquired_source = any (${known}), false)`;
  },
  acquisitionUnknown: ({ sources }, bind) =>
    `coalesce(not f.acquired_source = any (${bind([...sources.keys()], 'text[]')}), false)`,
  sourceForbids: ofSources((source) => !source.permits),
  sourceOver: ofSources(permits, over),
  sourceTimeUnknown: ofSources(permits, untimed),
  noticeMissing: ofSources(permits, noticeMissing),
  acquiredAtGiven: () => 'f.acquired_at is not null',
  retentionOver: ({ acquiredNotBefore, acquiredNotBeforeOf }, bind) => {
    const before = (bound: Instant | undefined): string =>
      bound === undefined ? 'false' : `coalesce(f.acquired_at < ${instant(bound, bind)}, false)`;
    const rules = [...acquiredNotBeforeOf].map(
      ([source, bound]) => `when f.acquired_source = ${bind(source, 'text')} then ${before(bound)}`,
    );
    return rules.length > 0
      ? `(case ${rules.join(' ')} else ${before(acquiredNotBefore)} end)`
      : acquiredNotBefore !== undefined && before(acquiredNotBefore);
  },
  consentsGiven: () => true,
  granted: () => 'f.granted_at is not null',
  grantUnproven: () => 'f.unproven',
  grantExpired: ({ consentNotBefore }, bind) =>
    consentNotBefore !== undefined &&
    `coalesce(f.granted_at < ${instant(consentNotBefore, bind)}, false)`,
  provisionGranted: () => 'f.provided',
  withdrawn: () => 'f.withdrawn',
  suppressionsGiven: () => true,
  stoppedByWithdrawal: stopped('withdrawal'),
  stoppedByObjection: stopped('objection'),
  stoppedBySuspension: stopped('suspension'),
  stoppedByComplaint: stopped('complaint'),
  stoppedByBounce: stopped('hard_bounce'),
  stoppedByUnfollow: stopped('unfollowed'),
  stoppedByReturn: stopped('returned_post'),
  stoppedByErasure: stopped('erasure'),
  stoppedByFreeze: stopped('freeze'),
  switchGiven: () => true,
  switchOff: () => "f.ads_switch = 'off'",
  switchNeverSet: () => "f.ads_switch = 'never_set'",
};
