import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Cell,
  consentKey,
  type ConsentRegister,
  effectiveAt,
  FUTURE_TOLERANCE,
  latestPer,
  liftKey,
  type LiftRegister,
  type Origin,
  stopKey,
  type StopRegister,
  type Suppression,
  suppressionsIn,
} from './index.js';

const cell: Cell = { purpose: 'info_product', channel: 'email', recipients: [] };

const stop = (
  kind: StopRegister['kind'],
  at: number,
  scope = { purpose: '*', channel: '*' },
): StopRegister => ({
  kind,
  ...scope,
  at,
  evidenceId: `e${at}`,
  actor: 'subject',
});
const lift = (
  kind: LiftRegister['kind'],
  at: number,
  scope = { purpose: '*', channel: '*' },
): LiftRegister => ({
  kind,
  ...scope,
  at,
  evidenceId: `e${at}`,
  actor: 'subject',
});
const consent = (
  act: ConsentRegister['act'],
  kind: ConsentRegister['class'],
  at: number,
  scope: Partial<ConsentRegister> = {},
): ConsentRegister => ({
  purpose: 'info_product',
  channel: 'email',
  recipient: '',
  act,
  class: kind,
  at,
  evidenceId: `e${at}`,
  actor: kind === 'unproven' ? 'import' : 'subject',
  ...scope,
});
const origin = (relation: Origin['relation'], id: string, parts: Partial<Origin> = {}): Origin => ({
  id,
  relation,
  folds: relation === 'contact' ? [id] : ['f1'],
  consents: [],
  stops: [],
  lifts: [],
  ...parts,
});

const active = (list: Suppression[]): string[] =>
  list.filter((one) => one.endedAt === null).map((one) => one.kind);

describe('what ends a stop', () => {
  const table: { why: string; origins: Origin[]; expected: string[] }[] = [
    {
      why: 'a suspension is not ended by a confirmed grant',
      origins: [
        origin('self', 's', {
          stops: [stop('suspension', 10)],
          consents: [consent('granted', 'confirmed', 20)],
        }),
      ],
      expected: ['suspension'],
    },
    {
      why: 'a suspension is ended by a later lift of the same subject',
      origins: [
        origin('self', 's', { stops: [stop('suspension', 10)], lifts: [lift('lift', 20)] }),
      ],
      expected: [],
    },
    {
      why: 'at the same instant the stop wins',
      origins: [
        origin('self', 's', { stops: [stop('suspension', 10)], lifts: [lift('lift', 10)] }),
      ],
      expected: ['suspension'],
    },
    {
      why: 'a lift of one channel leaves the others stopped',
      origins: [
        origin('self', 's', {
          stops: [stop('suspension', 10)],
          lifts: [lift('lift', 20, { purpose: '*', channel: 'sms' })],
        }),
      ],
      expected: ['suspension'],
    },
    {
      why: 'another subject who shares the contact point cannot lift a suspension',
      origins: [
        origin('self', 's', { lifts: [lift('lift', 20)] }),
        origin('sharing', 'other', { stops: [stop('suspension', 10)] }),
      ],
      expected: ['suspension'],
    },
    {
      why: 'a suspension of a bare contact point is lifted by a subject that has it',
      origins: [
        origin('self', 's', { lifts: [lift('lift', 20)] }),
        origin('contact', 'f1', { stops: [stop('suspension', 10)] }),
      ],
      expected: [],
    },
    {
      why: 'an objection is ended by a confirmed grant of that cell',
      origins: [
        origin('self', 's', {
          stops: [stop('objection', 10)],
          consents: [consent('granted', 'confirmed', 20)],
        }),
      ],
      expected: [],
    },
    {
      why: 'an objection is not ended by a grant without confirmation',
      origins: [
        origin('self', 's', {
          stops: [stop('objection', 10)],
          consents: [consent('granted', 'evidenced', 20)],
        }),
      ],
      expected: ['objection'],
    },
    {
      why: 'a confirmed grant of another cell does not end a complaint',
      origins: [
        origin('self', 's', {
          stops: [stop('complaint', 10)],
          consents: [consent('granted', 'confirmed', 20, { channel: 'sms' })],
        }),
      ],
      expected: ['complaint'],
    },
    {
      why: "another subject's withdrawal reaches whoever shares the contact point",
      origins: [
        origin('self', 's'),
        origin('sharing', 'other', { consents: [consent('withdrawn', 'evidenced', 10)] }),
      ],
      expected: ['withdrawal'],
    },
    {
      why: "it ends with that subject's later grant with evidence",
      origins: [
        origin('self', 's'),
        origin('sharing', 'other', {
          consents: [consent('withdrawn', 'evidenced', 10), consent('granted', 'evidenced', 20)],
        }),
      ],
      expected: [],
    },
    {
      why: 'an import does not end it',
      origins: [
        origin('self', 's'),
        origin('sharing', 'other', {
          consents: [consent('withdrawn', 'evidenced', 10), consent('granted', 'unproven', 20)],
        }),
      ],
      expected: ['withdrawal'],
    },
    {
      why: 'a grant with evidence of the sharing subject does not end it unless it is confirmed',
      origins: [
        origin('self', 's', { consents: [consent('granted', 'evidenced', 20)] }),
        origin('sharing', 'other', { consents: [consent('withdrawn', 'evidenced', 10)] }),
      ],
      expected: ['withdrawal'],
    },
    {
      why: 'a confirmed one of a subject that shares the contact point does',
      origins: [
        origin('self', 's', { consents: [consent('granted', 'confirmed', 20)] }),
        origin('sharing', 'other', { consents: [consent('withdrawn', 'evidenced', 10)] }),
      ],
      expected: [],
    },
    {
      why: 'a hard bounce ends with a new confirmation of the contact point, not with a grant',
      origins: [
        origin('self', 's', { consents: [consent('granted', 'confirmed', 20)] }),
        origin('contact', 'f1', { stops: [stop('hard_bounce', 10)] }),
      ],
      expected: ['hard_bounce'],
    },
    {
      why: 'a follow ends an unfollow',
      origins: [
        origin('self', 's'),
        origin('contact', 'f1', { stops: [stop('unfollowed', 10)], lifts: [lift('follow', 20)] }),
      ],
      expected: [],
    },
  ];

  it.each(table)('$why', ({ origins, expected }) => {
    expect(active(suppressionsIn(cell, origins))).toEqual(expected);
  });

  it('a withdrawal at one recipient does not stop another, one without a recipient stops all', () => {
    const ads: Cell = {
      purpose: 'ad_matching',
      channel: 'ads',
      recipients: ['google', 'ad_networks'],
    };
    const withdrawn = (recipient: string) =>
      active(
        suppressionsIn(ads, [
          origin('self', 's'),
          origin('sharing', 'o', {
            consents: [
              consent('withdrawn', 'evidenced', 1, {
                purpose: 'ad_matching',
                channel: 'ads',
                recipient,
              }),
            ],
          }),
        ]),
      );
    expect(withdrawn('meta')).toEqual([]);
    expect(withdrawn('google')).toEqual(['withdrawal']);
    expect(withdrawn('ad_networks')).toEqual(['withdrawal']);
    expect(withdrawn('')).toEqual(['withdrawal']);
  });
});

describe('registers', () => {
  const purpose = fc.constantFrom('info_product', 'order', '*');
  const channel = fc.constantFrom('email', 'sms', '*');
  const at = fc.integer({ min: 0, max: 12 });
  const anyStop = fc.record({
    kind: fc.constantFrom<StopRegister['kind']>(
      'suspension',
      'objection',
      'complaint',
      'erasure',
      'hard_bounce',
    ),
    purpose,
    channel,
    at,
    evidenceId: fc.constantFrom('a', 'b', 'c'),
    actor: fc.constant('subject' as const),
  });
  const anyLift = fc.record({
    kind: fc.constantFrom<LiftRegister['kind']>('lift', 'confirmation'),
    purpose,
    channel,
    at,
    evidenceId: fc.constantFrom('a', 'b', 'c'),
    actor: fc.constant('subject' as const),
  });
  const anyConsent = fc.record({
    purpose: fc.constantFrom('info_product', 'order'),
    channel: fc.constantFrom('email', 'sms'),
    recipient: fc.constant(''),
    act: fc.constantFrom<ConsentRegister['act']>('granted', 'withdrawn'),
    class: fc.constantFrom<ConsentRegister['class']>('unproven', 'evidenced', 'confirmed'),
    at,
    evidenceId: fc.constantFrom('a', 'b', 'c'),
    actor: fc.constant('subject' as const),
  });
  const acts = fc.record({
    stops: fc.array(anyStop, { maxLength: 8 }),
    lifts: fc.array(anyLift, { maxLength: 6 }),
    consents: fc.array(anyConsent, { maxLength: 8 }),
  });
  const reduced = (parts: {
    stops: StopRegister[];
    lifts: LiftRegister[];
    consents: ConsentRegister[];
  }) => ({
    stops: latestPer(parts.stops, stopKey),
    lifts: latestPer(parts.lifts, liftKey),
    consents: latestPer(parts.consents, consentKey),
  });
  const activeKinds = (origins: Origin[]) =>
    [...new Set(active(suppressionsIn(cell, origins)))].sort();

  it('give the same state in any order and under any duplication', () => {
    fc.assert(
      fc.property(acts, acts, fc.array(fc.nat()), (mine, theirs, seed) => {
        const shuffle = <T>(list: T[]): T[] =>
          [...list, ...list.slice(0, 3)].sort(
            (a, b) => (seed[list.indexOf(a)] ?? 0) - (seed[list.indexOf(b)] ?? 0),
          );
        const other = {
          stops: shuffle(theirs.stops),
          lifts: shuffle(theirs.lifts),
          consents: shuffle(theirs.consents),
        };
        const state = (parts: typeof other) => [
          origin('self', 's', reduced(mine)),
          origin('sharing', 'o', reduced(parts)),
        ];
        const sorted = (list: Suppression[]) => list.map((one) => JSON.stringify(one)).sort();
        expect(sorted(suppressionsIn(cell, state(other)))).toEqual(
          sorted(suppressionsIn(cell, state(theirs))),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('lose nothing that the whole history would say', () => {
    fc.assert(
      fc.property(acts, acts, (mine, theirs) => {
        expect(
          activeKinds([
            origin('self', 's', reduced(mine)),
            origin('sharing', 'o', reduced(theirs)),
          ]),
        ).toEqual(activeKinds([origin('self', 's', mine), origin('sharing', 'o', theirs)]));
      }),
      { numRuns: 1000 },
    );
  });

  it('never end a stop because another stop came', () => {
    fc.assert(
      fc.property(acts, acts, anyStop, (mine, theirs, added) => {
        const before = activeKinds([
          origin('self', 's', reduced(mine)),
          origin('sharing', 'o', reduced(theirs)),
        ]);
        const more = { ...theirs, stops: [...theirs.stops, added] };
        const after = activeKinds([
          origin('self', 's', reduced(mine)),
          origin('sharing', 'o', reduced(more)),
        ]);
        expect(after).toEqual(expect.arrayContaining(before));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('dates ahead of the arrival', () => {
  it('a grant up to five minutes ahead counts, a later one is parked', () => {
    expect(effectiveAt({ occurredAt: 100 + FUTURE_TOLERANCE, arrivedAt: 100 }, 'grant')).toEqual({
      at: 100 + FUTURE_TOLERANCE,
    });
    expect(effectiveAt({ occurredAt: 101 + FUTURE_TOLERANCE, arrivedAt: 100 }, 'grant')).toBe(
      'dated_in_the_future',
    );
  });

  it('a stop counts from its arrival', () => {
    expect(effectiveAt({ occurredAt: 101 + FUTURE_TOLERANCE, arrivedAt: 100 }, 'stop')).toEqual({
      at: 100,
    });
  });
});
