import { normaliseContact } from '@kyoka/contact';
import { type ContactKind } from '@kyoka/kernel';
import { DEMO_CONTACTS, DEMO_PERSON } from '@kyoka/sample';
import { describe, expect, it } from 'vitest';
import { events } from './sample-company.js';

describe('contact points', () => {
  const contacts = events.flatMap(({ draft, expected }) => {
    const data = draft.data as {
      subject?: { source: string; ref: string };
      contacts?: { kind: ContactKind; value: string }[];
    };
    if (expected.outcome !== 'accepted') return [];
    return (data.contacts ?? []).map((contact) => ({
      ...normaliseContact(contact.kind, contact.value),
      who: data.subject && `${data.subject.source}/${data.subject.ref}`,
    }));
  });
  const sharing = new Map<string, Set<string>>();
  for (const { kind, fold, who } of contacts) {
    const key = `${kind} ${fold}`;
    if (who !== undefined) sharing.set(key, (sharing.get(key) ?? new Set()).add(who));
  }

  it.each(['personal', 'relay', 'alias', 'role', 'invalid'])('some are %s', (wanted) => {
    expect(contacts.filter((contact) => contact.class === wanted).length).toBeGreaterThan(10);
  });

  it('numbers are real forms of mobile and fixed lines in every range, but the unusable ones', () => {
    const phones = contacts.filter(({ kind }) => kind === 'phone');
    const invalid = phones.filter((phone) => phone.class === 'invalid');
    expect(invalid.length / phones.length).toBeLessThan(0.06);
    for (const prefix of [
      '+8160',
      '+8170',
      '+8180',
      '+8190',
      '+813',
      '+816',
      '+8152',
      '+8111',
      '+8192',
    ]) {
      expect(
        phones.filter(({ value, class: is }) => is === 'personal' && value.startsWith(prefix))
          .length,
        prefix,
      ).toBeGreaterThan(3);
    }
  });

  it('many are shared by records of several sources, some only in the folded form', () => {
    const shared = [...sharing.values()].filter((people) => people.size > 1);
    expect(shared.length).toBeGreaterThan(100);
    const gmail = [...sharing].filter(
      ([key, people]) => key.includes('@gmail.com') && people.size > 1,
    );
    expect(gmail.length).toBeGreaterThan(5);
  });

  it('old carrier addresses are among them, and are kept', () => {
    const carrier = contacts.filter(
      ({ value }) => /\.\.|^\./.test(value) && value.endsWith('.ne.jp'),
    );
    expect(carrier.length).toBeGreaterThan(20);
    expect(new Set(carrier.map((contact) => contact.class))).toEqual(new Set(['personal']));
  });

  it('the demo person shares none of theirs', () => {
    for (const { kind, value } of DEMO_CONTACTS) {
      const { fold, class: is } = normaliseContact(kind, value);
      expect(is).toBe('personal');
      expect([...(sharing.get(`${kind} ${fold}`) ?? [])]).toEqual([
        `${DEMO_PERSON.source}/${DEMO_PERSON.ref}`,
      ]);
    }
  });
});
