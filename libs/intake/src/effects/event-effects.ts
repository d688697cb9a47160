import type { EventType, KnownEvent } from '@kyoka/contracts';
import { ANY, CONTACT_KINDS, type Instant, type Json } from '@kyoka/kernel';
import type { EffectContext, Effects, Parked } from './effects.js';
import {
  actorOf,
  classOf,
  classOfGrant,
  factAt,
  ledgerOf,
  lift,
  maybe,
  widening,
} from './reading.js';
import { stop } from './stop-event.js';

type Handler<T extends EventType> = (
  event: Extract<KnownEvent, { type: T }>,
  context: EffectContext,
  contactCount: number,
) => Effects | Parked;

const HANDLERS: { readonly [T in EventType]: Handler<T> } = {
  'jp.kyoka.consent.granted.v1': (event, context) =>
    widening(event, context, (moment) => {
      const { subject, category, purpose, channels, recipient, policyVersion, evidence } =
        event.data;
      const kind = classOfGrant(evidence, context);
      return {
        subject,
        supplies: CONTACT_KINDS,
        contactsAt: moment,
        about: {
          category: { value: category, at: moment, event: context.eventKey },
          acquired: {
            source: subject.source,
            at: moment,
            event: context.eventKey,
            policyVersion,
            noticeShown: evidence === undefined ? null : evidence.noticeShownAt !== undefined,
          },
        },
        consents: channels.map((channel) => ({
          purpose,
          channel,
          recipient: recipient ?? '',
          act: 'granted' as const,
          class: kind,
          at: moment,
          evidenceId: evidence?.id ?? '',
          actor: actorOf(evidence),
          policyVersion,
        })),
        ledger: ledgerOf(event, 'granted', moment, {
          purposes: [purpose],
          channels,
          recipient,
          policyVersion,
          class: kind,
          evidence: evidence as Json | undefined,
        }),
      };
    }),
  'jp.kyoka.consent.withdrawn.v1': (event, context, contactCount) =>
    stop(event, context, contactCount, {
      purposes: [event.data.purpose],
      channels: event.data.channels,
      recipient: event.data.recipient,
    }),
  'jp.kyoka.contact.confirmed.v1': (event, context) =>
    widening(event, context, (moment) => ({
      subject: event.data.subject,
      supplies: CONTACT_KINDS,
      contactsAt: moment,
      ...(context.attests
        ? {
            confirmsContactsAt: moment,
            lifts: [
              {
                target: 'contacts' as const,
                register: lift(
                  'confirmation',
                  { purpose: ANY, channel: ANY },
                  moment,
                  event.data.evidence,
                ),
              },
            ],
          }
        : {}),
      ledger: ledgerOf(event, 'contact_confirmed', moment, {
        counts: context.attests,
        by: event.data.confirmed.by,
        evidence: event.data.evidence as Json | undefined,
      }),
    })),
  'jp.kyoka.suspension.requested.v1': (event, context, contactCount) =>
    stop(event, context, contactCount, event.data.scope),
  'jp.kyoka.suspension.lifted.v1': (event, context) =>
    widening(event, context, (moment) => {
      const { subject, scope, evidence } = event.data;
      const counts = classOf(evidence, context) === 'confirmed';
      const target = subject === undefined ? ('contacts' as const) : ('subject' as const);
      return {
        subject,
        contactsAt: moment,
        lifts: counts
          ? scope.purposes.flatMap((purpose) =>
              scope.channels.map((channel) => ({
                target,
                register: lift('lift', { purpose, channel }, moment, evidence),
              })),
            )
          : [],
        ledger: ledgerOf(event, 'lifted', moment, {
          purposes: scope.purposes,
          channels: scope.channels,
          counts,
          evidence: evidence as Json,
        }),
      };
    }),
  'jp.kyoka.erasure.requested.v1': (event, context, contactCount) =>
    stop(event, context, contactCount, { purposes: [ANY], channels: [ANY] }),
  'jp.kyoka.adsswitch.changed.v1': (event, context, contactCount) =>
    event.data.state === 'off'
      ? stop(event, context, contactCount, { purposes: [ANY], channels: ['ads'] })
      : widening(event, context, (moment) => ({
          subject: event.data.subject,
          contactsAt: moment,
          about: { adsOnAt: moment },
          ledger: ledgerOf(event, 'ads_switched_on', moment, {
            evidence: event.data.evidence as Json | undefined,
          }),
        })),
  'jp.kyoka.membership.cancelled.v1': (event, context, contactCount) =>
    stop(event, context, contactCount, { purposes: [ANY], channels: [ANY] }),
  'jp.kyoka.order.placed.v1': (event, context) => {
    const { subject, category, order, policyVersion, noticeShownAt } = event.data;
    const moment = factAt(order.at, context);
    return {
      subject,
      supplies: CONTACT_KINDS,
      contactsAt: moment,
      about: {
        category: { value: category, at: moment, event: context.eventKey },
        acquired: {
          source: subject.source,
          at: moment,
          event: context.eventKey,
          policyVersion: policyVersion ?? null,
          noticeShown: noticeShownAt === undefined ? null : true,
        },
      },
      orderLines: order.items.map((item, line) => ({
        source: subject.source,
        orderRef: order.ref,
        line,
        sku: item.sku,
        category: item.category,
        quantity: item.quantity,
        yen: item.yen,
        orderedAt: moment,
        eventAt: factAt(event.time, context),
        event: context.eventKey,
      })),
      ledger: ledgerOf(event, 'ordered', moment, {}),
    };
  },
  'jp.kyoka.order.cancelled.v1': (event, context) => {
    const moment = factAt(event.data.occurredAt, context);
    return {
      subject: event.data.subject,
      contactsAt: moment,
      cancellation: {
        source: event.data.subject.source,
        orderRef: event.data.order.ref,
        at: moment,
      },
      ledger: ledgerOf(event, 'order_cancelled', moment, {}),
    };
  },
  'jp.kyoka.customer.registered.v1': (event, context) => {
    const { subject, category, occurredAt, policyVersion, noticeShownAt, consentReference } =
      event.data;
    const moment = factAt(occurredAt, context);
    return {
      subject,
      supplies: CONTACT_KINDS,
      contactsAt: moment,
      about: {
        category: { value: category, at: moment, event: context.eventKey },
        registeredAt: moment,
        acquired: {
          source: subject.source,
          at: moment,
          event: context.eventKey,
          policyVersion: policyVersion ?? null,
          noticeShown: noticeShownAt === undefined ? null : true,
        },
      },
      ledger: ledgerOf(event, 'registered', moment, {
        category,
        policyVersion,
        noticeShownAt: maybe(noticeShownAt),
        consentReference,
      }),
    };
  },
  'jp.kyoka.delivery.bounced.v1': (event, context, contactCount) =>
    event.data.bounce === 'hard'
      ? stop(event, context, contactCount, { purposes: [ANY], channels: [event.data.channel] })
      : softBounce(event, factAt(event.data.occurredAt, context)),
  'jp.kyoka.delivery.complained.v1': (event, context, contactCount) =>
    stop(event, context, contactCount, { purposes: [ANY], channels: [event.data.channel] }),
  'jp.kyoka.line.followed.v1': (event, context, contactCount) =>
    widening(event, context, (moment) => ({
      subject: event.data.subject,
      supplies: ['line'],
      contactsAt: moment,
      lifts: [
        {
          target:
            event.data.subject === undefined || contactCount > 0
              ? ('contacts' as const)
              : ('subject' as const),
          register: lift('follow', { purpose: ANY, channel: 'line' }, moment, event.data.evidence),
        },
      ],
      ledger: ledgerOf(event, 'followed', moment, {
        evidence: event.data.evidence as Json | undefined,
      }),
    })),
  'jp.kyoka.line.unfollowed.v1': (event, context, contactCount) =>
    stop(event, context, contactCount, { purposes: [ANY], channels: ['line'] }),
  'jp.kyoka.delivery.returned.v1': (event, context, contactCount) =>
    stop(event, context, contactCount, { purposes: [ANY], channels: ['dm'] }),
};

/** It stops nothing, and tells of a contact point all the same. */
const softBounce = (
  event: Extract<KnownEvent, { type: 'jp.kyoka.delivery.bounced.v1' }>,
  moment: Instant,
): Effects => ({
  subject: event.data.subject,
  contactsAt: moment,
  ledger: ledgerOf(event, 'bounced_softly', moment, {}),
});

/** What an event of the contract changes; `contactCount` is how many of its contact points could be read. */
export function effectsOf(
  event: KnownEvent,
  context: EffectContext,
  contactCount: number,
): Effects | Parked {
  const handler = HANDLERS[event.type] as Handler<EventType>;
  return handler(event, context, contactCount);
}
