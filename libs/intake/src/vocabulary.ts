import type { PolicySet } from '@kyoka/policy';
import type { ParkReason } from '@kyoka/contracts';
import { needsOfSources, needsOfVersions, type SourceNeed, versionKey } from './needs.js';
import type { Misfit } from './types.js';

/** What the policies and source contracts in force know; unknown means no, but never loses a stop. */
export interface Vocabulary {
  hasPolicy(version: string): boolean;
  hasSource(source: string): boolean;
  /** Whether a subject of this source may be of this category, and intake takes such people. */
  yields(source: string, category: string): boolean;
  hasPurpose(purpose: string): boolean;
  /** A recipient, or a group of recipients. */
  hasRecipient(recipient: string): boolean;
  /** Whether the source may attest, under its own publisher key, that a person confirmed something (a session, a link it sent). */
  mayAttest(source: string): boolean;
  /** Whether a grant that the source reports may count as the person's. */
  earnsConsent(source: string): boolean;
  /** What an event that brings in data of this source under this version must say for it to be taken. */
  needsOf(source: string, policyVersion: string | undefined): ReadonlySet<SourceNeed>;
}

interface Claims {
  readonly subject?: { readonly source: string } | undefined;
  readonly category?: string | undefined;
  readonly purpose?: string | undefined;
  readonly recipient?: string | undefined;
  readonly policyVersion?: string | undefined;
  readonly scope?: { readonly purposes: readonly string[] } | undefined;
}

/** The first claim of an event that no policy in force knows; `undefined` if all are known. */
export function misfitOf(claims: Claims, vocabulary: Vocabulary): Misfit | undefined {
  const { subject, category, purpose, recipient, policyVersion, scope } = claims;
  const at = (reason: ParkReason, field: string, expected: string): Misfit => ({
    reason,
    fault: { field, expected },
  });
  if (subject && !vocabulary.hasSource(subject.source)) {
    return at('unknown_source', 'data.subject.source', 'a source of a policy in force');
  }
  if (policyVersion !== undefined && !vocabulary.hasPolicy(policyVersion)) {
    return at('unknown_policy', 'data.policyVersion', 'a policy version that is known');
  }
  if (subject && category !== undefined && !vocabulary.yields(subject.source, category)) {
    return at(
      'unknown_category',
      'data.category',
      'a category that the source yields and the policy lets in',
    );
  }
  if (purpose !== undefined && purpose !== '*' && !vocabulary.hasPurpose(purpose)) {
    return at('unknown_purpose', 'data.purpose', 'a purpose of a policy in force');
  }
  const strange = (scope?.purposes ?? []).findIndex(
    (one) => one !== '*' && !vocabulary.hasPurpose(one),
  );
  if (strange >= 0) {
    return at(
      'unknown_purpose',
      `data.scope.purposes[${strange}]`,
      'a purpose of a policy in force, or *',
    );
  }
  if (recipient !== undefined && !vocabulary.hasRecipient(recipient)) {
    return at(
      'unknown_recipient',
      'data.recipient',
      'a recipient or recipient group of a policy in force',
    );
  }
  return undefined;
}

/** What these policies and source contracts know. */
export function vocabularyOf(set: PolicySet): Vocabulary {
  const policies = [...set.policies.values()];
  const yields = new Set(
    policies.flatMap((policy) => {
      const taken = new Set(
        policy.categories
          .filter(({ intake, marketable }) => intake ?? marketable)
          .map(({ id }) => id),
      );
      return policy.sources.flatMap((source) =>
        source.yields
          .filter((category) => taken.has(category))
          .map((category) => `${source.id}\n${category}`),
      );
    }),
  );
  const needs = needsOfSources(set);
  const ofVersions = needsOfVersions(set);
  const sources = new Set(policies.flatMap((policy) => policy.sources.map((source) => source.id)));
  const purposes = new Set(
    policies.flatMap((policy) => policy.purposes.map((purpose) => purpose.id)),
  );
  const recipients = new Set(
    policies.flatMap((policy) =>
      (policy.ad_matching?.recipients ?? []).flatMap((recipient) => [
        recipient.id,
        ...recipient.groups,
      ]),
    ),
  );
  return {
    hasPolicy: (version) => set.policies.has(version),
    hasSource: (source) => sources.has(source),
    yields: (source, category) => yields.has(`${source}\n${category}`),
    hasPurpose: (purpose) => purposes.has(purpose),
    hasRecipient: (recipient) => recipients.has(recipient),
    mayAttest: (source) => set.contracts.get(source)?.attests_sessions ?? false,
    earnsConsent: (source) => set.contracts.get(source)?.earns_consent ?? false,
    needsOf: (source, version) =>
      new Set([
        ...(needs.get(source) ?? []),
        ...(ofVersions.get(versionKey(version ?? '', source)) ?? []),
      ]),
  };
}
