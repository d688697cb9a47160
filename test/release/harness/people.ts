import { randomUUID } from 'node:crypto';
import { normaliseContact } from '@kyoka/contact';
import { DAY } from '@kyoka/kernel';
import {
  lockSubjects,
  mergeContacts,
  mergeOrderLines,
  mergeSubjects,
  raiseConsents,
  subjectKey,
} from '@kyoka/permission-store';
import { inTransaction, type Pool } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { type Person, START } from './words.js';

const LONG_AGO = START - 100 * DAY;

/** Enters persons as intake does. Returns their subject ids by reference. */
export function enterPersons(
  pool: Pool,
  vault: Vault,
  persons: readonly Person[],
): Promise<Map<string, string>> {
  return inTransaction(pool, async (tx) => {
    const names = persons.map(({ ref, source = 'store' }) => ({ source, ref }));
    const newIds = names.map(() => randomUUID());
    const ids = await lockSubjects(tx, names, newIds, START);
    const rows = persons.map((person, index) => ({
      ...person,
      source: person.source ?? 'store',
      id: ids.get(subjectKey(names[index] as { source: string; ref: string })) as string,
    }));
    await mergeSubjects(tx, rows.map(subjectOf));
    await mergeContacts(
      tx,
      rows.flatMap(({ id, source, email, phone }) => [
        ...(email === undefined ? [] : [contactOf(vault, id, source, 'email', email)]),
        ...(phone === undefined ? [] : [contactOf(vault, id, source, 'phone', phone)]),
      ]),
    );
    await raiseConsents(tx, rows.flatMap(consentsOf));
    await mergeOrderLines(tx, rows.flatMap(ordersOf));
    return new Map(rows.map((row) => [row.ref, row.id]));
  });
}

/** A contact point that comes in later, or from another source. */
export function addContact(
  pool: Pool,
  vault: Vault,
  subjectId: string,
  kind: 'email' | 'phone',
  value: string,
  source = 'store',
): Promise<void> {
  return inTransaction(pool, (tx) =>
    mergeContacts(tx, [contactOf(vault, subjectId, source, kind, value)]),
  );
}

type Row = Person & { readonly id: string; readonly source: string };

const subjectOf = ({ id, source, category = 'member' }: Row) => ({
  id,
  category: { value: category, at: LONG_AGO, event: 'e' },
  acquired: { source, at: LONG_AGO, event: 'e', policyVersion: 'almado@1', noticeShown: true },
  registeredAt: LONG_AGO,
  adsOnAt: LONG_AGO,
});

function contactOf(
  vault: Vault,
  subjectId: string,
  source: string,
  kind: 'email' | 'phone',
  raw: string,
) {
  const normalised = normaliseContact(kind, raw);
  if (normalised.class === 'invalid') throw new Error('a test needs a usable contact point');
  return {
    subjectId,
    kind,
    class: normalised.class,
    line: null,
    token: vault.token(kind, normalised.value),
    fold: vault.token(kind, normalised.fold),
    source,
    rulesVersion: '1',
    sealed: vault.seal(normalised.value, { subject: subjectId, field: kind }),
  };
}

const consentsOf = ({ id, ref, consents = ['google', 'meta'] }: Row) =>
  consents.map((recipient) => ({
    subjectId: id,
    purpose: 'ad_matching',
    channel: 'ads',
    recipient,
    act: 'granted' as const,
    class: 'evidenced' as const,
    at: LONG_AGO,
    evidenceId: `ev-${ref}-${recipient}`,
    actor: 'subject' as const,
    policyVersion: 'almado@1',
    entry: randomUUID(),
  }));

function ordersOf({ id, ref, source, ordered = 'skin-care' }: Row) {
  if (ordered === false) return [];
  const at = START - 10 * DAY;
  return [
    {
      subjectId: id,
      source,
      orderRef: `o-${ref}`,
      line: 1,
      sku: 'sku-1',
      category: ordered,
      quantity: 1,
      yen: 3000,
      orderedAt: at,
      eventAt: at,
      event: randomUUID(),
    },
  ];
}
