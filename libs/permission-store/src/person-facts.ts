import type { ConsentFact, PersonFacts, SuppressionFact } from '@kyoka/decision';
import type { Instant } from '@kyoka/kernel';
import { type Cell, consentsIn, type Origin, suppressionsIn } from '@kyoka/permission';
import { type Freeze, frozenScopes } from './freezes.js';
import type { Person, StoredContact } from './load-registers.js';
import { adsSwitchOf, statusOf } from './permission-state.js';

/**
 * The facts of a stored person for the cells of a question and one of their contact points (or none). A stop of
 * another contact point, such as a bounce of an older address, isn't one of this.
 *
 * What is stored has arrived, so a stop is in force even if its publisher's clock, or that of the
 * machine it arrived on, is ahead of `now`: its moment only orders it among the person's acts, of
 * which those after `now` don't count yet. A grant dated ahead waits for its moment.
 */
export function personFacts(
  person: Person,
  cells: readonly Cell[],
  contact: StoredContact | undefined,
  freezes: readonly Freeze[],
  now: Instant,
): PersonFacts {
  const inForce = (at: Instant): Instant => Math.min(at, now);
  const { subject, origins } = person;
  const self = origins.find((origin) => origin.relation === 'self') as Origin;
  return {
    ...(subject.category === null ? {} : { category: subject.category }),
    status: statusOf(subject),
    ...(contact && {
      contactPoint: {
        kind: contact.kind,
        class: contact.class,
        sources: contact.sources,
        ...(contact.confirmedAt === null ? {} : { confirmedAt: contact.confirmedAt }),
      },
    }),
    ...(subject.acquired && {
      acquired: {
        source: subject.acquired.source,
        at: subject.acquired.at,
        ...(subject.acquired.policyVersion === null
          ? {}
          : { policyVersion: subject.acquired.policyVersion }),
        ...(subject.acquired.noticeShown === null
          ? {}
          : { noticeShown: subject.acquired.noticeShown }),
      },
    }),
    consents: [...new Set(cells.flatMap((cell) => consentsIn(cell, self)))].map((consent) => ({
      ...consentFact(consent),
      at: consent.act === 'withdrawn' ? inForce(consent.at) : consent.at,
    })),
    suppressions: [
      ...cells
        .flatMap((cell) => suppressionsIn(cell, origins))
        .filter((stop) => stop.fold === undefined || stop.fold === contact?.fold)
        .map((stop): SuppressionFact => ({
          kind: stop.kind,
          purpose: stop.purpose,
          channel: stop.channel,
          at: inForce(stop.at),
          ...(stop.endedAt === null ? {} : { endedAt: stop.endedAt }),
          actor: stop.actor,
          ...(stop.evidenceId === '' ? {} : { evidence: stop.evidenceId }),
        })),
      ...freezes.flatMap((freeze) =>
        cells
          .flatMap((cell) => frozenScopes(freeze, cell, contact?.sources ?? [subject.source]))
          .map((scope): SuppressionFact => ({
            kind: 'freeze',
            ...scope,
            at: inForce(freeze.at),
            ...(freeze.liftedAt === null ? {} : { endedAt: freeze.liftedAt }),
            actor: 'operator',
          })),
      ),
    ],
    adsSwitch: adsSwitchOf(subject) ?? 'never_set',
  };
}

function consentFact(consent: Origin['consents'][number]): Omit<ConsentFact, 'at'> {
  return {
    act: consent.act,
    purpose: consent.purpose,
    channel: consent.channel,
    ...(consent.recipient === '' ? {} : { recipient: consent.recipient }),
    // Evidence that proves nothing, such as that of a source which may not earn consents, is none.
    ...(consent.evidenceId === '' || consent.class === 'unproven'
      ? {}
      : { evidence: consent.evidenceId }),
    actor: consent.actor,
    confirmed: consent.class === 'confirmed',
    ...(consent.policyVersion === undefined ? {} : { policyVersion: consent.policyVersion }),
  };
}
