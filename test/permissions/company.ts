import type { DecisionRequest, RecipientFacts } from '@kyoka/decision';
import { createIntake, type IntakeAnswer, vocabularyOf } from '@kyoka/intake';
import { DAY, formatInstant, type Json } from '@kyoka/kernel';
import { decidePersons, findSubjects, readPolicySet } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { type Draft, type Harness, NOW, openHarness, plain } from '../intake/harness.js';

/** That many minutes from now. */
export const minutes = (count: number): string => formatInstant(NOW + count * 60_000);

export const USE = { from: '2026-11-01', to: '2026-11-30', users: ['user:sato'] };

export const GOOGLE: RecipientFacts = {
  id: 'google',
  kind: 'ad_network',
  basis: 'consent',
  contractRef: 'contract',
  useLimitRef: 'terms',
  items: ['hashed_email', 'hashed_phone'],
  reviewedAt: NOW - DAY,
  country: 'US',
  foreignBasis: 'consent',
  enabled: true,
};

export const NEWSLETTER: DecisionRequest = {
  purpose: 'info_product',
  channel: 'email',
  contentOwner: 'own',
};
export const ADS: DecisionRequest = {
  purpose: 'ad_matching',
  channel: 'ads',
  contentOwner: 'own',
  recipient: 'google',
};

/** ALMADO with its deployed files: events in, decisions out. */
export interface Company extends Harness {
  readonly policies: PolicySet;
  feed(...drafts: Draft[]): Promise<IntakeAnswer[]>;
  /** The same under the publisher's key of the store, which may attest what people confirmed. */
  feedSigned(...drafts: Draft[]): Promise<IntakeAnswer[]>;
  /** `allowed`, or the codes of the reasons, of a subject asked for now. */
  ask(request: DecisionRequest, ref: string, source?: string): Promise<'allowed' | string[]>;
  idOf(ref: string, source?: string): Promise<string>;
}

export async function openCompany(): Promise<Company> {
  const harness = await openHarness();
  const policies = await readPolicySet('deploy');
  const intake = createIntake({ ...harness.ports, vocabulary: () => vocabularyOf(policies) });
  const idOf = async (ref: string, source = 'store'): Promise<string> => {
    const [ids = []] = await findSubjects(harness.db, [{ source, ref }]);
    return ids[0] as string;
  };
  return {
    ...harness,
    policies,
    feed: (...drafts) => intake.ingest(drafts.map(plain)),
    feedSigned: async (...drafts) => intake.ingest(await Promise.all(drafts.map(harness.signed))),
    idOf,
    async ask(request, ref, source) {
      const [decision] = await decidePersons(
        harness.db,
        policies,
        {
          policy: 'almado@1',
          at: harness.clock.now,
          request: { actor: 'user:sato', use: USE, ...request },
          ...(request.recipient === undefined ? {} : { recipient: GOOGLE }),
        },
        [await idOf(ref, source)],
      );
      if (decision === undefined) throw new Error('no decision');
      return decision.allowed ? 'allowed' : decision.reasons.map(({ code }) => code);
    },
  };
}

/** A grant with evidence by the person themself, a day ago unless it says when. */
export const grant = (
  id: string,
  ref: string,
  more: { readonly [field: string]: Json } = {},
): Draft => ({
  type: 'consent.granted',
  id,
  data: {
    subject: { source: 'store', ref },
    category: 'member',
    contacts: [{ kind: 'email', value: `${ref.toLowerCase()}@example.jp` }],
    purpose: 'info_product',
    channels: ['email'],
    occurredAt: minutes(-1440),
    policyVersion: 'almado@1',
    evidence: { id: `ev-${id}`, actor: 'subject', noticeShownAt: minutes(-1440) },
    ...more,
  },
});

/** The grant that ads at Google need; the switch of behavioural ads is apart. */
export const adsGrant = (id: string, ref: string, more: Parameters<typeof grant>[2] = {}): Draft =>
  grant(id, ref, { purpose: 'ad_matching', channels: ['ads'], recipient: 'google', ...more });

export const switchedOn = (id: string, ref: string): Draft => ({
  type: 'adsswitch.changed',
  id,
  data: { subject: { source: 'store', ref }, state: 'on', occurredAt: minutes(-1440) },
});

export const suspension = (id: string, who: { readonly [field: string]: Json }): Draft => ({
  type: 'suspension.requested',
  id,
  data: { scope: { purposes: ['*'], channels: ['*'] }, occurredAt: minutes(-60), ...who },
});

export const withdrawal = (
  id: string,
  ref: string,
  more: { readonly [field: string]: Json } = {},
): Draft => ({
  type: 'consent.withdrawn',
  id,
  data: {
    subject: { source: 'store', ref },
    purpose: 'info_product',
    channels: ['email'],
    occurredAt: minutes(-60),
    ...more,
  },
});
