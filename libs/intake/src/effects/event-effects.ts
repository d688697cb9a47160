import type { EventData, EventType, KnownEvent } from '@kyoka/contracts';
import {
  ANY,
  type Actor,
  CONTACT_KINDS,
  type Instant,
  type Json,
  parseInstant,
} from '@kyoka/kernel';
import { type ConsentClass, effectiveAt, proofOf } from '@kyoka/permission';
import type { EffectContext, Effects, Parked } from './effects.js';
import { stopEffects, type StopIntent } from './stop-effects.js';

type Evidence = NonNullable<EventData<'jp.kyoka.consent.granted.v1'>['evidence']>;

const at = (text: string): Instant => parseInstant(text) as Instant;
const maybe = (text: string | undefined): Instant | undefined =>
  text === undefined ? undefined : parseInstant(text);

/** Facts dated ahead of their arrival count from it; they neither grant nor stop. */
const factAt = (text: string, context: EffectContext): Instant =>
  Math.min(at(text), context.arrivedAt);

const actorOf = (evidence: Evidence | undefined): Actor => evidence?.actor ?? 'operator';

const classOf = (evidence: Evidence | undefined, { attests }: EffectContext): ConsentClass =>
  proofOf({
    evidence: evidence?.id,
    actor: evidence?.actor,
    confirmed: evidence?.confirmed !== undefined && attests,
  });

/** A grant from a source that may not earn one, such as a mall, proves nothing whatever it says. */
const classOfGrant = (evidence: Evidence | undefined, context: EffectContext): ConsentClass =>
  context.earnsConsent ? classOf(evidence, context) : 'unproven';

const ledgerOf = (
  event: KnownEvent,
  act: string,
  moment: Instant,
  more: Readonly<Record<string, Json | undefined>>,
): NonNullable<Effects['ledger']> => ({
  act,
  at: moment,
  body: { eventSource: event.source, eventId: event.id, type: event.type, ...more },
});

/** A stop of the contract: where nobody says who acted, the person did (a stop needs no proof). */
function stop(
  event: KnownEvent,
  context: EffectContext,
  contactCount: number,
  scope: StopScope,
): Effects {
  const data = event.data as {
    subject?: { source: string; ref: string };
    occurredAt: string;
    evidence?: Evidence;
    policyVersion?: string;
  };
  const dated = effectiveAt(
    { occurredAt: at(data.occurredAt), arrivedAt: context.arrivedAt },
    'stop',
  ) as { at: Instant };
  const intent: StopIntent = {
    type: event.type as StopIntent['type'],
    subject: data.subject,
    ...scope,
    at: dated.at,
    evidenceId: data.evidence?.id ?? '',
    actor: data.evidence?.actor ?? 'subject',
    policyVersion: data.policyVersion,
  };
  return {
    subject: data.subject,
    contactsAt: dated.at,
    ...stopEffects(intent, contactCount),
    ledger: ledgerOf(event, STOP_ACT[intent.type], dated.at, {
      purposes: scope.purposes,
      channels: scope.channels,
      recipient: scope.recipient,
      policyVersion: data.policyVersion,
      evidence: data.evidence as Json | undefined,
    }),
  };
}

export const STOP_ACT: Readonly<Record<StopIntent['type'], string>> = {
  'jp.kyoka.consent.withdrawn.v1': 'withdrawn',
  'jp.kyoka.suspension.requested.v1': 'suspended',
  'jp.kyoka.erasure.requested.v1': 'erasure_requested',
  'jp.kyoka.adsswitch.changed.v1': 'ads_switched_off',
  'jp.kyoka.membership.cancelled.v1': 'membership_cancelled',
  'jp.kyoka.delivery.bounced.v1': 'bounced',
  'jp.kyoka.delivery.complained.v1': 'complained',
  'jp.kyoka.line.unfollowed.v1': 'unfollowed',
  'jp.kyoka.delivery.returned.v1': 'returned',
};

interface StopScope {
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
  readonly recipient?: string | undefined;
}

/** An act that widens something: dated more than five minutes ahead of its arrival, it is parked. */
function widening(
  event: KnownEvent & { data: { occurredAt: string } },
  context: EffectContext,
  effects: (moment: Instant) => Effects,
): Effects | Parked {
  const dated = effectiveAt(
    { occurredAt: at(event.data.occurredAt), arrivedAt: context.arrivedAt },
    'grant',
  );
  return dated === 'dated_in_the_future' ? { parked: 'dated_ahead' } : effects(dated.at);
}

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
    };
  },
  'jp.kyoka.order.cancelled.v1': (event, context) => ({
    subject: event.data.subject,
    contactsAt: factAt(event.data.occurredAt, context),
    cancellation: {
      source: event.data.subject.source,
      orderRef: event.data.order.ref,
      at: factAt(event.data.occurredAt, context),
    },
  }),
  'jp.kyoka.customer.registered.v1': (event, context) => {
    const { subject, category, occurredAt, policyVersion, noticeShownAt } = event.data;
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
      }),
    };
  },
  'jp.kyoka.delivery.bounced.v1': (event, context, contactCount) =>
    event.data.bounce === 'hard'
      ? stop(event, context, contactCount, { purposes: [ANY], channels: [event.data.channel] })
      : { subject: event.data.subject, contactsAt: factAt(event.data.occurredAt, context) },
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

function lift(
  kind: 'lift' | 'follow' | 'confirmation',
  scope: { purpose: string; channel: string },
  moment: Instant,
  evidence: Evidence | undefined,
) {
  return {
    kind,
    ...scope,
    at: moment,
    evidenceId: evidence?.id ?? '',
    actor: evidence?.actor ?? 'subject',
  } as const;
}

/** What an event of the contract changes; `contactCount` is how many of its contact points could be read. */
export function effectsOf(
  event: KnownEvent,
  context: EffectContext,
  contactCount: number,
): Effects | Parked {
  const handler = HANDLERS[event.type] as Handler<EventType>;
  return handler(event, context, contactCount);
}
