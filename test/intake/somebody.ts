import type { RawEvent } from '@kyoka/intake';
import type { Json } from '@kyoka/kernel';
import { type Draft, type Harness, NOW, openHarness } from './harness.js';

export const at = '2026-11-01T09:00:00+09:00';

export const evidence = (id: string, more: object = {}): Json => ({
  id,
  actor: 'subject',
  form: 'checkout',
  ...more,
});

/** Somebody new to each test, by what they do. */
export interface Somebody {
  readonly harness: Harness;
  /** Tells tests apart. */
  readonly counter: number;
  readonly ref: string;
  readonly email: string;
  subject(): Json;
  grant(id: string, more?: Record<string, Json>): Draft;
  suspension(id: string, more?: Record<string, Json>): Draft;
  state(key?: string): Promise<Record<string, unknown>>;
  /** The reason of each event, or its outcome where there is none. */
  outcomes(...events: RawEvent[]): Promise<string[]>;
  /** Before each test. */
  next(): void;
  close(): Promise<void>;
}

export async function openSomebody(): Promise<Somebody> {
  const harness = await openHarness();
  let counter = 0;
  const ref = () => `c-${counter}`;
  const email = () => `person${counter}@example.jp`;
  const subject = (): Json => ({ source: 'store', ref: ref() });
  return {
    harness,
    get counter() {
      return counter;
    },
    get ref() {
      return ref();
    },
    get email() {
      return email();
    },
    subject,
    grant: (id, more = {}) => ({
      type: 'consent.granted',
      id,
      data: {
        subject: subject(),
        category: 'member',
        contacts: [{ kind: 'email', value: email() }],
        purpose: 'info_product',
        channels: ['email'],
        occurredAt: at,
        policyVersion: 'almado@1',
        evidence: evidence(`ev-${id}`),
        ...more,
      },
    }),
    suspension: (id, more = {}) => ({
      type: 'suspension.requested',
      id,
      data: {
        subject: subject(),
        scope: { purposes: ['*'], channels: ['*'] },
        occurredAt: at,
        ...more,
      },
    }),
    state: async (key = `store/${ref()}`) =>
      (await harness.states())[key] as Record<string, unknown>,
    outcomes: async (...events) =>
      (await harness.intake.ingest(events)).map((answer) => answer.reason ?? answer.outcome),
    next() {
      counter += 1;
      harness.clock.now = NOW;
    },
    close: () => harness.close(),
  };
}
