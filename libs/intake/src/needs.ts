import { type Instant, parseInstant } from '@kyoka/kernel';
import type { PolicySet } from '@kyoka/policy';
import type { Misfit } from './types.js';

/** What data of a source must bring to be taken at all. */
export type SourceNeed = 'notice' | 'consent_reference' | 'consent';

/** What an event says of how it came by its data. */
interface Acquired {
  readonly category?: string | undefined;
  readonly contacts?: readonly unknown[] | undefined;
  readonly occurredAt?: string | undefined;
  readonly order?: { readonly ref: string; readonly at?: string | undefined } | undefined;
  readonly policyVersion?: string | undefined;
  readonly noticeShownAt?: string | undefined;
  readonly consentReference?: string | undefined;
  readonly evidence?:
    { readonly id: string; readonly noticeShownAt?: string | undefined } | undefined;
}

/**
 * What an event that brings in data lacks of what its source needs; `undefined` if nothing. A stop
 * needs nothing, whoever sends it: don't ask for one.
 */
export function lackOf(
  data: Acquired,
  needsOf: (policyVersion: string | undefined) => ReadonlySet<SourceNeed>,
): Misfit | undefined {
  const acquires = data.category !== undefined || (data.contacts ?? []).length > 0;
  if (!acquires) return undefined;
  const needs = needsOf(data.policyVersion);
  if ((needs.has('notice') || needs.has('consent')) && !noticeCameFirst(data)) {
    return lacking(
      data.evidence === undefined ? 'data.noticeShownAt' : 'data.evidence.noticeShownAt',
      'when the notice was shown, before anything was given: what this source gives is not kept without',
    );
  }
  if (
    needs.has('consent_reference') &&
    (data.consentReference ?? data.evidence?.id) === undefined
  ) {
    return lacking(
      'data.consentReference',
      "the supplier's reference to the person's consent: what this source gives is not kept without",
    );
  }
  if (needs.has('consent') && (data.consentReference ?? data.evidence?.id) === undefined) {
    return lacking(
      data.evidence === undefined ? 'data.consentReference' : 'data.evidence.id',
      'the consent under which the data was given: the policy takes nothing in without',
    );
  }
  return undefined;
}

function noticeCameFirst({ noticeShownAt, evidence, occurredAt, order }: Acquired): boolean {
  const shown = instant(noticeShownAt) ?? instant(evidence?.noticeShownAt);
  const typed = instant(occurredAt) ?? instant(order?.at);
  return shown !== undefined && typed !== undefined && shown <= typed;
}

const instant = (text: string | undefined): Instant | undefined =>
  text === undefined ? undefined : parseInstant(text);

const lacking = (field: string, expected: string): Misfit => ({
  reason: 'malformed',
  fault: { field, expected },
});

/**
 * What the sources of these policies need: what was typed into a form that wasn't sent, the notice
 * before it, whatever a policy says of its own notice; others, what any of the policies asks for.
 */
export function needsOfSources(set: PolicySet): ReadonlyMap<string, ReadonlySet<SourceNeed>> {
  const needs = new Map<string, Set<SourceNeed>>();
  for (const { id, kind, needs: asked } of [...set.policies.values()].flatMap(
    (one) => one.sources,
  )) {
    const own = needs.get(id) ?? new Set();
    needs.set(id, own);
    if (kind === 'form_abandoned') own.add('notice');
    if (asked !== undefined) own.add(asked);
  }
  return needs;
}

/**
 * What a policy version asks of data that people give directly, by version and source: their consent,
 * where the text takes data in only by it.
 */
export function needsOfVersions(set: PolicySet): ReadonlyMap<string, ReadonlySet<SourceNeed>> {
  const needs = new Map<string, ReadonlySet<SourceNeed>>();
  for (const [version, { consent_at_acquisition: asked, sources }] of set.policies) {
    if (asked !== 'consent') continue;
    for (const { id, kind } of sources) {
      if (kind === 'direct') needs.set(versionKey(version, id), new Set(['consent']));
    }
  }
  return needs;
}

export const versionKey = (version: string, source: string): string => `${version}\n${source}`;
