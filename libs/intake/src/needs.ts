import { type Instant, parseInstant } from '@kyoka/kernel';
import type { PolicySet } from '@kyoka/policy';
import type { Misfit } from './types.js';

/** What data of a source must bring to be taken at all. */
export type SourceNeed = 'notice' | 'consent_reference';

/** What an event says of how it came by its data. */
interface Acquired {
  readonly category?: string | undefined;
  readonly contacts?: readonly unknown[] | undefined;
  readonly occurredAt?: string | undefined;
  readonly order?: { readonly ref: string; readonly at?: string | undefined } | undefined;
  readonly noticeShownAt?: string | undefined;
  readonly consentReference?: string | undefined;
  readonly evidence?:
    { readonly id: string; readonly noticeShownAt?: string | undefined } | undefined;
}

/**
 * What an event that brings in data lacks of what its source needs; `undefined` if nothing. A stop
 * needs nothing, whoever sends it: don't ask for one.
 */
export function lackOf(data: Acquired, needs: ReadonlySet<SourceNeed>): Misfit | undefined {
  const acquires = data.category !== undefined || (data.contacts ?? []).length > 0;
  if (!acquires) return undefined;
  if (needs.has('notice') && !noticeCameFirst(data)) {
    return lacking(
      data.evidence === undefined ? 'data.noticeShownAt' : 'data.evidence.noticeShownAt',
      'when the notice was shown, before anything was typed: what this source gives is not kept without',
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
