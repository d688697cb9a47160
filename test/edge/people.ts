import { randomUUID } from 'node:crypto';
import type { Asking } from './asking.js';
import { POLICY } from './harness.js';

type Contact = { readonly kind: 'email' | 'phone'; readonly value: string };

const LONG_AGO = '2026-01-10T09:00:00+09:00';
const LATER = '2026-01-10T09:05:00+09:00';

/** One CloudEvent of the store, whose subject is `ref`. */
export const eventOf = (ref: string, type: string, data: Readonly<Record<string, unknown>>) => ({
  specversion: '1.0',
  id: randomUUID(),
  source: 'store',
  type: `jp.kyoka.${type}.v1`,
  time: LONG_AGO,
  datacontenttype: 'application/json',
  data: { subject: { source: 'store', ref }, occurredAt: LONG_AGO, ...data },
});

/** A member of the store who takes news by mail and lets both networks know them. */
export function member(ref: string, contacts: readonly Contact[]) {
  const evidence = { id: `ev-${ref}`, actor: 'subject', form: 'entry', noticeShownAt: LONG_AGO };
  const about = { category: 'member', policyVersion: POLICY };
  const grants = [
    { purpose: 'info_product', channels: ['email'] },
    { purpose: 'ad_matching', channels: ['ads'], recipient: 'google' },
    { purpose: 'ad_matching', channels: ['ads'], recipient: 'meta' },
  ];
  return [
    eventOf(ref, 'customer.registered', { ...about, contacts, noticeShownAt: LONG_AGO }),
    ...grants.map((grant) =>
      eventOf(ref, 'consent.granted', { ...about, ...grant, occurredAt: LATER, evidence }),
    ),
    eventOf(ref, 'adsswitch.changed', { state: 'on', occurredAt: LATER, evidence }),
    eventOf(ref, 'order.placed', {
      ...about,
      order: {
        ref: `o-${ref}`,
        at: LONG_AGO,
        items: [{ sku: 'serum-30', category: 'skin_care', quantity: 1, yen: 3980 }],
      },
    }),
  ];
}

/** Posts events as one batch, and gives their outcomes. */
export async function post(ask: Asking, events: readonly unknown[]): Promise<string[]> {
  const answer = await ask('/v1/events', {
    body: events,
    type: 'application/cloudevents-batch+json',
  });
  return answer
    .json<{ results: { outcome: string; reason?: string }[] }>()
    .results.map(({ outcome, reason }) =>
      reason === undefined ? outcome : `${outcome}: ${reason}`,
    );
}

/** The id under which a person is known. */
export async function idOf(ask: Asking, ref: string): Promise<string> {
  const answer = await ask('/v1/subjects:find', { body: { subject: { source: 'store', ref } } });
  return answer.json<{ subjects: string[] }>().subjects[0] ?? '';
}
