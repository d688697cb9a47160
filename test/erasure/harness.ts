import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createIntake, type IntakePorts } from '@kyoka/intake';
import { type ErasureContext, erasureTask, readErasures } from '@kyoka/erasure';
import { DAY, type Json, MINUTE } from '@kyoka/kernel';
import { bindVault } from '@kyoka/permission-store';
import { type Harness, openHarness, plain } from '../intake/harness.js';

export { DAY };
/** The bucket of every subject here. */
export const BUCKET = 7;
let ids = 0;

const event = (type: string, data: { readonly [name: string]: Json }) => {
  ids += 1;
  return plain({ type, id: `e${ids}`, data });
};
const of = (ref: string) => ({ subject: { source: 'store', ref } });
const contactsOf = (values: readonly string[]) => ({
  contacts: values.map((value) => ({ kind: value.includes('@') ? 'email' : 'phone', value })),
});
const occurredAt = '2026-11-19T09:00:00+09:00';

export const granted = (ref: string, ...values: string[]) =>
  event('consent.granted', {
    ...of(ref),
    ...contactsOf(values),
    category: 'member',
    purpose: 'info_product',
    channels: ['email'],
    occurredAt,
    policyVersion: 'almado@1',
    evidence: { id: `ev-${ref}`, actor: 'subject' },
  });

/** A consent to something that no policy knows: it is parked. */
export const parkedConsent = (ref: string) =>
  event('consent.granted', {
    ...of(ref),
    category: 'member',
    purpose: 'horoscopes',
    channels: ['email'],
    occurredAt,
    policyVersion: 'almado@1',
    evidence: { id: `ev-${ref}`, actor: 'subject' },
  });

export const ordered = (ref: string, order: string) =>
  event('order.placed', {
    ...of(ref),
    category: 'member',
    contacts: [],
    order: {
      ref: order,
      at: occurredAt,
      items: [{ sku: 's1', category: 'tea', quantity: 1, yen: 1200 }],
    },
  });

export const erasing = (whom: { ref: string } | { value: string }) =>
  event('erasure.requested', {
    ...('ref' in whom ? of(whom.ref) : contactsOf([whom.value])),
    occurredAt,
  });

/** What the store attests; it counts when it is signed. */
export const lifted = (ref: string) => ({
  type: 'suspension.lifted',
  id: `lift-${ref}`,
  data: {
    ...of(ref),
    scope: { purposes: ['*'], channels: ['*'] },
    occurredAt: '2026-11-19T10:00:00+09:00',
    evidence: {
      id: `lift-${ref}`,
      actor: 'subject',
      confirmed: { by: 'session', at: '2026-11-19T10:00:00+09:00' },
    },
  },
});

/** Intake and the carrying out of erasures over a database of their own, at a clock that is moved. */
export async function openErasures(change: Partial<ErasureContext> = {}) {
  const intake = await openHarness();
  await bindVault(intake.db, intake.vault.id);
  const context: ErasureContext = {
    pool: intake.pool,
    vault: intake.vault,
    backupDir: join(intake.folder, 'backup'),
    parkedDays: 14,
    ...change,
  };
  const task = erasureTask(context);
  const newId = (): string => {
    for (;;) {
      const id = randomUUID();
      if (intake.vault.bucketOf(id) === BUCKET) return id;
    }
  };
  const intakeOf = (ports: Partial<IntakePorts> = {}) =>
    createIntake({ ...intake.ports, newId, ...ports });
  const own = intakeOf();
  const run = async () => {
    while ((await task.run(intake.clock.now)) > 0);
  };
  return {
    ...intake,
    intakeOf,
    context,
    task,
    run,
    /** Takes events and gives the ids of the stops among them. */
    take: async (...events: Parameters<Harness['intake']['ingest']>[0]) =>
      (await own.ingest(events)).flatMap((answer) => answer.stopActIds ?? []),
    /** As the release worker does where no network holds anybody. */
    follow: () =>
      intake.db.query(
        'update permissions.stop_act set fanned_out_at = committed_at where fanned_out_at is null',
      ),
    /** Carries everything out that is due, and the keys' end after that. */
    async settle() {
      await run();
      intake.clock.now += 2 * MINUTE;
      await run();
    },
    read: async (id: string) => (await readErasures(intake.db, [id]))[0],
    idOf: async (ref: string) =>
      (
        await intake.db.query<{ id: string }>('select id from permissions.subject where ref = $1', [
          ref,
        ])
      )[0]?.id as string,
    /** Every ciphertext that there is, by subject. */
    ciphertexts: () =>
      intake.db.query<{ subject_id: string; kind: string; sealed: Buffer }>(
        'select subject_id, kind, sealed from permissions.contact_point order by 1, 2, token',
      ),
  };
}

export type Erasures = Awaited<ReturnType<typeof openErasures>>;
