import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleCompany, sampleContacts } from '@kyoka/sample';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attack, type Recovered } from './attack.js';
import { type PlantedLeak, writeLeaks, writeList } from './control.js';
import { everything, candidatesOf, slice } from './guess/jobs.js';
import { openKernel } from './guess/kernel.js';
import { type Contact, contactsIn, guessableOf } from './people.js';

const PEOPLE = 30;
const company = sampleCompany({ seed: 1, now: Date.UTC(2026, 10, 28), people: PEOPLE });
const contacts = guessableOf(contactsIn(sampleContacts(company))).slice(0, 24);
const [folder, list, leaky, clean] = (await Promise.all(
  ['work', 'list', 'leaky', 'clean'].map((name) =>
    mkdtemp(join(tmpdir(), `kyoka-attack-${name}-`)),
  ),
)) as [string, string, string, string];
let leaks: PlantedLeak[];

beforeAll(async () => {
  await writeList(list, contacts);
  leaks = await writeLeaks(leaky, contacts);
  // Other people, of whom the attack knows nothing and whom it doesn't try.
  const others = contacts.map((contact): Contact => ({ ...contact, normalised: `x${contact.id}` }));
  await writeList(clean, others);
});
afterAll(() =>
  Promise.all(
    [folder, list, leaky, clean].map((each) => rm(each, { recursive: true, force: true })),
  ),
);

describe.each([
  ['the compiled kernel, where there is a compiler', 'cc'],
  ['worker threads, where there is none', 'no-such-compiler'],
])('the attack with %s', (_, compiler) => {
  let recovered: readonly Recovered[];
  beforeAll(async () => {
    const report = await attack({
      folders: [list, leaky, clean],
      jobs: slice(3, contacts, { digits: 2 }),
      contacts,
      planted: contacts.slice(0, 13),
      kernel: await openKernel(folder, { compiler }),
      step: () => () => undefined,
    });
    recovered = report.recovered;
  }, 60_000);

  it('recovers everybody from a plain list', () => {
    const early = contacts.filter(
      ({ kind, normalised }) => kind === 'phone' || /0000[123]/.test(normalised),
    );
    expect(early.length).toBeGreaterThan(8);
    for (const { id } of early) expect([...(recovered[0]?.get(id) ?? [])]).toContain('SHA-256');
  });

  it('finds each planted leak that needs no list of addresses', () => {
    const found = leaks.filter(({ contact, how }) => recovered[1]?.get(contact.id)?.has(how));
    const sought = leaks.filter(
      ({ contact: { kind, normalised }, how }) =>
        how !== 'SHA-256' || kind === 'phone' || /0000[123]/.test(normalised),
    );
    expect(sought.length).toBeGreaterThan(10);
    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining(sought.map(({ name }) => name)),
    );
  });

  it('finds nobody where nobody is', () => expect(recovered[2]?.size).toBe(0));
});

it('tries every mobile number in three forms', () => {
  const numbers = everything(1).filter(({ before }) => /^(?:\+81|81|0)[6-9]0[1-9]$/.test(before));
  expect(candidatesOf(numbers)).toBe(3 * 360_000_000);
});
