import type { SuspensionAnswer } from '@kyoka/contracts';
import type { RemovalReport } from '@kyoka/release';

export type RemovalProgress = SuspensionAnswer['removals'][number];

/**
 * How each recipient stands, over everything that it held of the persons of a stop: as the one that
 * is furthest from its end. Moments are ISO 8601 in UTC, so they order as texts.
 */
export function progressByRecipient(removals: readonly RemovalReport[]): RemovalProgress[] {
  return [...Map.groupBy(removals, (removal) => removal.recipient)]
    .map(([recipient, ofOne]) => progressOf(recipient, ofOne))
    .sort((a, b) => (a.recipient < b.recipient ? -1 : 1));
}

function progressOf(recipient: string, removals: readonly RemovalReport[]): RemovalProgress {
  const state =
    (['overdue', 'unconfirmed'] as const).find((worse) =>
      removals.some((removal) => removal.state === worse),
    ) ?? 'confirmed';
  const until = latest(removals.map((removal) => removal.until));
  const sentAt = latestOfAll(removals.map((removal) => removal.sentAt));
  const confirmedAt = latestOfAll(removals.map((removal) => removal.confirmedAt));
  const declared = removals.some((removal) => removal.basis === 'declared_time');
  return {
    recipient,
    state,
    requestedAt: removals.map((removal) => removal.requestedAt).sort()[0] ?? '',
    ...(sentAt && { sentAt }),
    ...(state === 'confirmed'
      ? { ...(confirmedAt && { confirmedAt }), basis: declared ? 'declared_time' : 'job_status' }
      : { ...(until && { until }) }),
  };
}

const latest = (moments: readonly (string | undefined)[]): string | undefined =>
  moments
    .filter((moment): moment is string => moment !== undefined)
    .sort()
    .at(-1);

/** Only when all of them are there is it so of the whole. */
const latestOfAll = (moments: readonly (string | undefined)[]): string | undefined =>
  moments.includes(undefined) ? undefined : latest(moments);
