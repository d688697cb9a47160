import { policyKey } from '@kyoka/policy';
import type { Person } from './person-atoms.js';
import type { Terms } from './terms.js';

/** Fills the `{places}` of a rule: names and JSON pointers of the policy set, never a value asked for. */
export function placeOf(template: string, terms: Terms, { facts, source }: Person): string {
  const { policy, legal, purpose } = terms;
  const policyName = policy ? policyKey(policy) : 'policies';
  const legalName = legal ? legal.legal_pack.id : 'legal';
  const sourcePlace = (id: string | undefined): string =>
    (id === undefined ? undefined : terms.sources.get(id)?.pointer) ?? `${policyName}#/sources`;
  const places: Readonly<Record<string, () => string>> = {
    policy: () => policyName,
    legal: () => legalName,
    purpose: () => purpose?.pointer ?? `${policyName}#/purposes`,
    grant: () => terms.granted.get(facts?.category ?? '') ?? `${policyName}#/grants`,
    channels: () => {
      const grant = terms.granted.get(facts?.category ?? '') ?? `${policyName}#/grants`;
      return purpose?.kind === 'duty' ? grant : `${grant}/channels`;
    },
    basis: () =>
      terms.channel === 'ads'
        ? `${policyName}#/ad_matching`
        : `${policyName}#/channel_defaults/${terms.channel ?? ''}`,
    source: () =>
      sourcePlace([...terms.sources.keys()].find((id) => contactSources(facts).has(id))),
    forbids: () => sourcePlace(source.forbids),
    over: () => sourcePlace(source.over),
    floor: () => terms.floorArticle ?? '',
    adArticle: () => legal?.ad_matching.article ?? '',
  };
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => places[name]?.() ?? '');
}

const contactSources = (facts: Person['facts']): ReadonlySet<string> =>
  new Set(facts?.contactPoint?.sources ?? [facts?.acquired?.source ?? '']);
