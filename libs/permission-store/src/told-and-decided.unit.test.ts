import { decideWith, termsOf } from '@kyoka/decision';
import type { ConsentClass, ConsentRegister, Origin, StopRegister } from '@kyoka/permission';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cellsOf } from './cells.js';
import type { Person, StoredContact, StoredSubject } from './load-registers.js';
import { permissionState } from './permission-state.js';
import { personFacts } from './person-facts.js';
import { readPolicySet } from './policy-files.js';

const policies = await readPolicySet('deploy');

const NOW = Date.parse('2026-11-20T01:00:00Z');
/** Some lie ahead of now, as a publisher's clock may. */
const at = fc.integer({ min: -6, max: 2 }).map((minute) => NOW + minute * 60_000);
const evidenceId = fc.constantFrom('a', 'b');

const PROOF = {
  unproven: { actor: 'import' },
  evidenced: { actor: 'subject' },
  confirmed: { actor: 'guardian' },
} as const;

const consent: fc.Arbitrary<ConsentRegister> = fc
  .record({
    cell: fc.constantFrom(
      { purpose: 'info_product', channel: 'email', recipient: '' },
      { purpose: 'ad_matching', channel: 'ads', recipient: 'google' },
      { purpose: 'ad_matching', channel: 'ads', recipient: 'meta' },
    ),
    wide: fc.constantFrom({}, {}, { purpose: '*' }, { channel: '*' }, { recipient: '' }),
    act: fc.constantFrom<ConsentRegister['act']>('granted', 'withdrawn'),
    proof: fc.constantFrom<ConsentClass>('unproven', 'evidenced', 'confirmed'),
    at,
    evidenceId,
  })
  .map(({ cell, wide, act, proof, ...dated }) => ({
    ...cell,
    ...(act === 'withdrawn' ? wide : {}),
    act,
    class: act === 'withdrawn' ? 'evidenced' : proof,
    ...PROOF[proof],
    ...dated,
  }));

const stop: fc.Arbitrary<StopRegister> = fc.record({
  kind: fc.constantFrom<StopRegister['kind']>('objection', 'suspension', 'complaint'),
  purpose: fc.constantFrom('info_product', 'ad_matching', '*'),
  channel: fc.constantFrom('email', 'ads', '*'),
  at,
  evidenceId,
  actor: fc.constant('subject' as const),
});

const registers = fc.record({
  consents: fc.array(consent, { maxLength: 5 }),
  stops: fc.array(stop, { maxLength: 2 }),
});

const FOLD = 'f0';
const origins = fc.tuple(registers, registers).map(([mine, theirs]): Origin[] => [
  { id: 'self', relation: 'self', folds: [FOLD], lifts: [], ...mine },
  { id: 'mate', relation: 'sharing', folds: [FOLD], lifts: [], ...theirs },
]);

const CONTACT = {
  kind: 'email',
  class: 'personal',
  fold: FOLD,
  sources: ['store'],
  confirmedAt: null,
} as unknown as StoredContact;

const SUBJECT = {
  source: 'store',
  category: 'member',
  acquired: { source: 'store', at: NOW - 1e9, policyVersion: 'almado@1', noticeShown: true },
  registeredAt: NOW - 1e9,
  cancelledAt: null,
  adsOnAt: NOW - 1e9,
  adsOffAt: null,
  contacts: [CONTACT],
} as unknown as StoredSubject;

interface Told {
  readonly permissions: {
    purpose: string;
    channel: string;
    recipient?: string;
    state: string;
    proof: string;
  }[];
  readonly stops: {
    kind: string;
    purpose: string;
    channel: string;
    recipient?: string;
    endedAt?: string;
  }[];
}

const CODES: Readonly<Record<string, string>> = {
  withdrawal: 'consent_withdrawn',
  objection: 'suppressed_objection',
  suspension: 'suppressed_suspension',
  complaint: 'suppressed_complaint',
};

const QUESTIONS = [
  { purpose: 'info_product', channel: 'email', contentOwner: 'own' },
  { purpose: 'ad_matching', channel: 'ads', contentOwner: 'own', recipient: 'google' },
] as const;

function decided(person: Person, request: (typeof QUESTIONS)[number]): string[] {
  const terms = termsOf(policies, { policy: 'almado@1', at: NOW + 3 * 60_000, request });
  const facts = personFacts(person, cellsOf(terms), CONTACT, [], terms.at);
  const decision = decideWith(terms, facts);
  return decision.allowed ? [] : decision.reasons.map(({ code }) => code);
}

it.each(QUESTIONS)('the state told of anybody says what is decided of $purpose', (request) => {
  const recipient = 'recipient' in request ? request.recipient : undefined;
  const covers = (scope: { purpose: string; channel: string; recipient?: string }): boolean =>
    ['*', request.purpose].includes(scope.purpose) &&
    ['*', request.channel].includes(scope.channel) &&
    (scope.recipient === undefined || scope.recipient === recipient);
  fc.assert(
    fc.property(origins, (all) => {
      const person: Person = { subject: SUBJECT, origins: all };
      const codes = decided(person, request);
      const told = permissionState(person) as unknown as Told;
      const line = told.permissions.find(
        (one) =>
          one.purpose === request.purpose &&
          one.channel === request.channel &&
          one.recipient === recipient,
      );
      const standing = told.stops.filter((one) => covers(one) && one.endedAt === undefined);
      const shared = standing.some(({ kind }) => kind === 'withdrawal');

      if (line?.state === 'withdrawn') expect(codes).toContain('consent_withdrawn');
      if (line?.state === 'granted' && !shared) expect(codes).not.toContain('consent_withdrawn');
      if (line?.state === 'granted') {
        const unproven = codes.includes('consent_without_evidence');
        expect(unproven).toBe(line.proof === 'unproven');
      }
      for (const [kind, code] of Object.entries(CODES)) {
        const stands = standing.some((one) => one.kind === kind);
        if (kind !== 'withdrawal' && codes.includes(code)) expect(stands).toBe(true);
        // A wider scope may be free in this cell already; one of just the cell says all.
        const named = standing.some(
          (one) =>
            one.kind === kind &&
            one.purpose === request.purpose &&
            one.channel === request.channel &&
            one.recipient === recipient,
        );
        if (named) expect(codes).toContain(code);
      }
    }),
    { numRuns: 3_000 },
  );
});
