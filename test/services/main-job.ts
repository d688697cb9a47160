import { hash } from 'node:crypto';
import { registerPublisher } from '@kyoka/intake';
import { DAY, type Json, tokyoDay } from '@kyoka/kernel';
import { matchKey } from '@kyoka/match-keys';
import { inTransaction, type Pool, type Queryable } from '@kyoka/postgres';
import {
  createSampleSigner,
  type PublisherName,
  SAMPLE_PUBLISHERS,
  type SampleCompany,
  type SampleEvent,
  type SampleKey,
  toCloudEvent,
} from '@kyoka/sample';
import type { Network } from '@kyoka/sandbox';
import type { Producer } from '@kyoka/transport';
import type { Vault } from '@kyoka/vault';
import { call, callUntilAnswered } from './api.js';

/** Registers the sample's publishers. @returns what signs its events */
export async function registerSample(pool: Pool, vault: Vault) {
  const clock = Date.now;
  const keys = await inTransaction(pool, async (tx) => {
    const made: [PublisherName, SampleKey][] = [];
    for (const { name, sources, types } of SAMPLE_PUBLISHERS) {
      const grant = { name, sources, types, validUntil: clock() + DAY };
      made.push([name, (await registerPublisher(tx, vault, grant, { by: 'user:one', clock })).key]);
    }
    return made;
  });
  return createSampleSigner(Object.fromEntries(keys) as Record<PublisherName, SampleKey>);
}

/** Sends events as their publishers would, and posts those without one to an intake that may be away. */
export async function send(
  events: readonly SampleEvent[],
  sign: ReturnType<typeof createSampleSigner>,
  { producer, intakeUrl, token }: { producer: Producer; intakeUrl: string; token: string },
): Promise<void> {
  const signed = (await Promise.all(events.map(sign))).filter((event) => event !== undefined);
  for (const [topic, group] of Map.groupBy(signed, (event) => event.topic)) {
    await producer.send(
      topic,
      group.map(({ key, value, headers }) => ({ key, value: Buffer.from(value), headers })),
    );
  }
  const posted = events.filter(({ route }) => route.via === 'http');
  if (posted.length === 0) return;
  await callUntilAnswered(`${intakeUrl}/v1/events`, token, {
    body: posted.map(({ draft }) => toCloudEvent(draft)),
    headers: { 'content-type': 'application/cloudevents-batch+json' },
  });
}

/** A suspension of every use, as the store publishes it. */
export const suspensionEvent = (id: string, ref: string): SampleEvent => ({
  draft: {
    id,
    source: 'store',
    type: 'jp.kyoka.suspension.requested.v1',
    time: new Date().toISOString(),
    data: {
      subject: { source: 'store', ref },
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: new Date().toISOString(),
    },
  },
  route: { via: 'topic', topic: 'kyoka.suspensions.v1', publisher: 'shop' },
  expected: { outcome: 'accepted' },
});

/** Registers the two recipients, and switches them and the policy on by two people. */
export async function switchOn(audiencesUrl: string, one: string, two: string): Promise<void> {
  const ask = async (path: string): Promise<void> => {
    const url = `${audiencesUrl}/v1/${path}/switch`;
    const body = { act: 'request_on', reason: 'the sample' };
    const { pending } = await call<{ pending: { request: string } }>(url, one, { body });
    await call(url, two, { body: { act: 'approve_on', request: pending.request } });
  };
  await ask('policies/almado@1');
  for (const network of ['google', 'meta']) {
    const body = {
      id: network,
      network,
      kind: 'ad_network',
      basis: 'consent',
      contractRef: `contract-${network}`,
      useLimitRef: `terms-${network}`,
      items: ['hashed_email', 'hashed_phone'],
      reviewedAt: tokyoDay(Date.now()),
      country: 'US',
      foreignBasis: 'consent',
      party: { name: network, address: 'an address', representative: 'a representative' },
    };
    await call(`${audiencesUrl}/v1/recipients`, one, { body });
    await ask(`recipients/${network}`);
  }
}

export interface Member {
  readonly subjectId: string;
  readonly ref: string;
}

/** Customers of the store whom a network holds or may hold. */
export function heldMembers(db: Queryable, limit: number): Promise<Member[]> {
  return db.query<Member>(
    `select distinct s.id as "subjectId", s.ref from audiences.member m join permissions.subject s on s.id = m.subject_id
      where s.source = 'store' and m.state in ('sending', 'processing', 'held') order by s.ref limit $1`,
    [limit],
  );
}

/** How the sandbox names every contact point that the store told of a customer. */
export function digestsOf(
  company: SampleCompany,
  ref: string,
  vault: Vault,
): Record<Network, string[]> {
  const contacts = company.events.flatMap(({ draft }) => {
    const { subject, contacts: told = [] } = draft.data as {
      subject?: { source?: string; ref?: string };
      contacts?: readonly { kind: string; value: string }[];
    } & Json;
    return subject?.source === 'store' && subject.ref === ref ? told : [];
  });
  const digests = (network: Network) => [
    ...new Set(
      contacts.flatMap(({ kind, value }) => {
        if (kind !== 'email' && kind !== 'phone') return [];
        const key = matchKey(network, kind, value, (text) => hash('sha256', text, 'hex'));
        return key.status === 'accepted' && key.hash
          ? [vault.mac('sandbox-journal', key.hash).toString('base64url')]
          : [];
      }),
    ),
  ];
  return { google: digests('google'), meta: digests('meta') };
}
