import { type Instant, tokyoDayBounds } from '@kyoka/kernel';
import { daysOver, monthsOver } from './calendar.js';
import type { PersonFacts } from './facts.js';
import { retentionDays } from './retention-terms.js';
import { reviewMonths, type Terms } from './terms.js';

/**
 * The earliest moment after that of the question at which time alone may change what the person's
 * facts come to: a term runs out, or something that is dated ahead begins. Between the two moments
 * the same facts give the same answer, as long as {@link termsChangeAfter} lets the terms be the same.
 *
 * @returns `undefined` where time changes nothing
 */
export function factsChangeAfter(
  { at, policy, sources }: Terms,
  { consents = [], suppressions = [], contactPoint, acquired }: PersonFacts,
): Instant | undefined {
  const validMonths = policy?.consents?.valid_months;
  const kept = [...sources.values()].flatMap(({ keepDays }) => keepDays ?? []);
  const retained = policy ? retentionDays(policy) : [];
  const acquiredAt = acquired?.at;
  return earliest(at, [
    ...consents.flatMap((act) => [
      act.at,
      ...(validMonths === undefined ? [] : [monthsOver(act.at, validMonths)]),
    ]),
    ...suppressions.flatMap((stop) => [stop.at, stop.endedAt]),
    contactPoint?.confirmedAt,
    ...(acquiredAt === undefined
      ? []
      : [...kept, ...retained].map((days) => daysOver(acquiredAt, days))),
  ]);
}

/**
 * The earliest moment after that of the question at which time alone may change its terms, for
 * whomever they are compared with: the period of the use, the review of the recipient, a text or a
 * filing that comes into force.
 */
export function termsChangeAfter({
  at,
  policy,
  legal,
  inForceFrom,
  question: { request, recipient },
}: Terms): Instant | undefined {
  const first = (day: string | null | undefined) => tokyoDayBounds(day ?? '')?.first;
  const last = tokyoDayBounds(request.use?.to ?? '')?.last;
  const reviewedAt = recipient?.reviewedAt;
  return earliest(at, [
    first(request.use?.from),
    last === undefined ? undefined : last + 1,
    inForceFrom,
    first(policy?.third_party.filing?.start),
    reviewedAt,
    policy && legal && reviewedAt !== undefined
      ? monthsOver(reviewedAt, reviewMonths(policy, legal))
      : undefined,
  ]);
}

function earliest(after: Instant, moments: readonly (Instant | undefined)[]): Instant | undefined {
  const ahead = moments.filter((one): one is Instant => one !== undefined && one > after);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}
