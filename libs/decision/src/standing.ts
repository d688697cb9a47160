import { ANY, CHANNELS, type Instant, type StopKind } from '@kyoka/kernel';
import { outranks, proofOf } from '@kyoka/permission';
import type { ConsentFact, PersonFacts, SuppressionFact } from './facts.js';
import type { Terms } from './terms.js';

/** How a person's own acts and stops stand for one question. */
export interface Standing {
  /** The latest grant that counts: with evidence, by the person or a guardian. */
  readonly grant?: ConsentFact;
  /** Some grant has no evidence, or was made by an import or an operator. */
  readonly unproven: boolean;
  /** A withdrawal that no later grant of its cell has ended. */
  readonly withdrawal?: ConsentFact;
  /** The grant by which a recipient outside ads may be provided with data. */
  readonly provision?: ConsentFact;
  /** By version: the latest grant of the purpose itself under it that counts and that nothing withdrew. */
  readonly renewals: ReadonlyMap<string, ConsentFact>;
  readonly stops: ReadonlyMap<StopKind, SuppressionFact>;
}

/**
 * What each kind of stop reaches with `*`, and what else ends it besides `endedAt`. A stop that a
 * grant ends reaches, with `*`, what a grant can give: the purposes a person may refuse. Named, a
 * purpose is reached whatever its kind.
 */
const STOPS: Readonly<
  Record<StopKind, { any: 'every' | 'optional'; endedBy?: 'confirmed_grant' | 'confirmed_contact' }>
> = {
  withdrawal: { any: 'optional', endedBy: 'confirmed_grant' },
  objection: { any: 'optional', endedBy: 'confirmed_grant' },
  complaint: { any: 'optional', endedBy: 'confirmed_grant' },
  suspension: { any: 'every' },
  erasure: { any: 'every' },
  hard_bounce: { any: 'every', endedBy: 'confirmed_contact' },
  returned_post: { any: 'every', endedBy: 'confirmed_contact' },
  unfollowed: { any: 'every' },
  freeze: { any: 'every' },
};

export function standingOf(terms: Terms, facts: PersonFacts): Standing {
  const acts = (facts.consents ?? []).filter(({ at }) => at <= terms.at);
  const grants = acts.filter(({ act }) => act === 'granted');
  const cells = [...new Set([terms.consentPurpose, terms.purpose?.id ?? ''])];
  const grant = latest(
    grants.filter((act) => proves(act) && inCell(terms, act, terms.consentPurpose)),
  );
  const withdrawal = latest(
    cells.flatMap((purpose) => {
      const last = latest(acts.filter((act) => withdraws(terms, act, purpose)));
      const ended = grants.some(
        (act) =>
          last &&
          inCell(terms, act, purpose) &&
          outranks({ at: act.at, class: proofOf(act) }, last),
      );
      return last && !ended ? [last] : [];
    }),
  );
  const confirmed = Math.min(
    ...cells.map((purpose) =>
      Math.max(
        ...grants
          .filter((act) => proofOf(act) === 'confirmed' && inCell(terms, act, purpose))
          .map(({ at }) => at),
      ),
    ),
  );
  const provision = provisionOf(terms, acts);
  return {
    ...(grant ? { grant } : {}),
    ...(provision ? { provision } : {}),
    unproven: grants.some((act) => !proves(act) && inCell(terms, act, terms.consentPurpose)),
    ...(withdrawal ? { withdrawal } : {}),
    renewals: renewalsOf(terms, acts),
    stops: stopsOf(terms, facts, confirmed),
  };
}

/** The proven grant of the cell that names the recipient, unless a withdrawal that reaches it stands. */
function provisionOf(terms: Terms, acts: readonly ConsentFact[]): ConsentFact | undefined {
  const { recipient } = terms.question.request;
  if (recipient === undefined || terms.channel === 'ads') return undefined;
  const purpose = terms.purpose?.id;
  const grant = latest(
    acts.filter(
      (act) =>
        act.act === 'granted' &&
        proves(act) &&
        act.purpose === purpose &&
        act.channel === terms.channel &&
        act.recipient === recipient,
    ),
  );
  const against = latest(
    acts.filter(
      (act) =>
        act.act === 'withdrawn' &&
        (act.purpose === purpose || isWide(act.purpose, terms.knownPurposes)) &&
        channelReached(terms, act.channel),
    ),
  );
  if (!grant || !against) return grant;
  return outranks({ at: grant.at, class: proofOf(grant) }, against) ? grant : undefined;
}

/**
 * Consents to the purpose itself, by the version they were given under. A withdrawal of everything ends
 * one of a purpose that may not be refused too: nothing else carries it to data of an older version.
 */
function renewalsOf(terms: Terms, acts: readonly ConsentFact[]): ReadonlyMap<string, ConsentFact> {
  const purpose = terms.purpose?.id ?? '';
  const against = latest(
    acts.filter(
      (act) =>
        act.act === 'withdrawn' &&
        (act.purpose === purpose || isWide(act.purpose, terms.knownPurposes)) &&
        channelReached(terms, act.channel) &&
        recipientReached(terms, act),
    ),
  );
  const counting = acts.filter(
    (act) =>
      act.act === 'granted' &&
      proves(act) &&
      inCell(terms, act, purpose) &&
      act.at >= (terms.consentNotBefore ?? -Infinity) &&
      act.at > (against?.at ?? -Infinity),
  );
  const byVersion = Map.groupBy(counting, (act) => versionOf(terms, act) ?? '');
  return new Map(
    [...byVersion].flatMap(([version, grants]) => {
      const last = latest(grants);
      return last ? [[version, last]] : [];
    }),
  );
}

/** The version that the person was shown, else the newest that was in force when they acted. */
const versionOf = ({ versionsSince }: Terms, act: ConsentFact): string | undefined =>
  act.policyVersion ?? versionsSince.find(([, since]) => since <= act.at)?.[0];

function stopsOf(
  terms: Terms,
  { suppressions = [], contactPoint }: PersonFacts,
  confirmedGrantAt: Instant,
): ReadonlyMap<StopKind, SuppressionFact> {
  const confirmedContactAt = contactPoint?.confirmedAt ?? -Infinity;
  const active = new Map<StopKind, SuppressionFact>();
  for (const stop of suppressions) {
    const from = stop.at ?? -Infinity;
    const { any, endedBy } = STOPS[stop.kind];
    const ends = [
      stop.endedAt,
      endedBy === 'confirmed_grant' ? confirmedGrantAt : undefined,
      endedBy === 'confirmed_contact' ? confirmedContactAt : undefined,
    ];
    const ended = ends.some((end) => end !== undefined && end > from && end <= terms.at);
    if (from <= terms.at && !ended && reaches(terms, stop, any)) {
      const other = active.get(stop.kind);
      if (!other || (stop.evidence ?? '') > (other.evidence ?? '')) active.set(stop.kind, stop);
    }
  }
  return active;
}

function reaches(terms: Terms, stop: SuppressionFact, any: 'every' | 'optional'): boolean {
  const purpose = terms.purpose?.id;
  // Every use on ads matches, so what stops the matching stops it.
  const named =
    stop.purpose !== undefined &&
    (stop.purpose === purpose ||
      (terms.channel === 'ads' && stop.purpose === terms.consentPurpose));
  const onChannel = channelReached(terms, stop.channel);
  if (terms.purpose?.kind === 'duty') return named && stop.kind === 'freeze' && onChannel;
  const wide = isWide(stop.purpose, terms.knownPurposes) && (any === 'every' || terms.optional);
  return (named || wide) && onChannel;
}

const isWide = (name: string | undefined, known: ReadonlySet<string>): boolean =>
  name === undefined || name === ANY || !known.has(name);

/** A channel that isn't known is read as every channel. */
const channelReached = (terms: Terms, channel: string | undefined): boolean =>
  channel === terms.channel || isWide(channel, ALL_CHANNELS);

const ALL_CHANNELS: ReadonlySet<string> = new Set(CHANNELS);

const proves = (act: ConsentFact): boolean => proofOf(act) !== 'unproven';

/** Outside ads a grant that names a recipient is one to the provision there and to nothing else. */
const inCell = (terms: Terms, act: ConsentFact, purpose: string): boolean =>
  act.purpose === purpose &&
  act.channel === terms.channel &&
  (terms.channel === 'ads'
    ? terms.recipientNames.includes(act.recipient ?? '')
    : act.recipient === undefined);

function withdraws(terms: Terms, act: ConsentFact, purpose: string): boolean {
  if (act.act !== 'withdrawn' || terms.purpose?.kind === 'duty') return false;
  const named = act.purpose === purpose;
  const wide = terms.optional && isWide(act.purpose, terms.knownPurposes);
  return (named || wide) && channelReached(terms, act.channel) && recipientReached(terms, act);
}

/** A withdrawal at one known recipient concerns only that recipient's ads. */
function recipientReached(terms: Terms, { recipient, channel }: ConsentFact): boolean {
  if (!recipient || isWide(recipient, terms.knownRecipients)) return true;
  return terms.channel === 'ads'
    ? terms.recipientNames.includes(recipient)
    : channel === terms.channel;
}

/** By the moment the person acted, then by evidence id. */
function latest(acts: readonly ConsentFact[]): ConsentFact | undefined {
  return acts.reduce<ConsentFact | undefined>(
    (last, act) =>
      !last ||
      act.at > last.at ||
      (act.at === last.at && (act.evidence ?? '') > (last.evidence ?? ''))
        ? act
        : last,
    undefined,
  );
}
