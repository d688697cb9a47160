import { DAY, type Instant } from '@kyoka/kernel';
import { emailOf, nameOf } from './contact-forms.js';
import type { Journal } from './events.js';
import type { Person, SampleRecord } from './people.js';
import { POLICY } from './policy.js';
import type { Random } from './random.js';
import { tokyoTime } from './time.js';

/**
 * An opt-out list of the time before: stops that people told somebody once. Some lines belong to people of
 * the sample, some to addresses that nobody has (yet). A stop holds whoever reports it.
 */
export function addOptOutList(
  journal: Journal,
  random: Random,
  people: readonly Person[],
  now: Instant,
): void {
  const at = now - 700 * DAY;
  for (let line = 1; line <= 60; line++) {
    const known = line % 3 === 0 ? undefined : random.pick(people).records[0];
    const contact = known?.contacts.find(({ kind }) => kind === 'email') ?? {
      kind: 'email' as const,
      value: emailOf(nameOf(random), `9${String(line).padStart(4, '0')}`, random),
    };
    const adsOnly = line % 10 === 0;
    journal.add({
      publisher: 'crm',
      source: 'import',
      type: adsOnly ? 'suspension.requested' : 'consent.withdrawn',
      at: at + line * 1000,
      data: {
        ...(!adsOnly && { subject: { source: 'import', ref: `optout-${line}` } }),
        contacts: [contact],
        ...(adsOnly
          ? { scope: { purposes: ['*'], channels: ['ads'] } }
          : { purpose: '*', channels: ['email'] }),
        occurredAt: tokyoTime(at),
        evidence: { id: `ev-optout-${line}`, actor: 'import', method: 'opt_out_list' },
      },
    });
  }
}

/** A mall's own newsletter tick, sent by somebody who took it for a consent. It allows nothing. */
export function addMallCheckbox(journal: Journal, record: SampleRecord, now: Instant): void {
  const at = now - 400 * DAY;
  journal.add({
    publisher: 'crm',
    source: 'import',
    type: 'consent.granted',
    at,
    data: {
      subject: { source: record.source, ref: record.ref },
      category: record.category,
      contacts: record.contacts,
      purpose: 'info_product',
      channels: ['email'],
      occurredAt: tokyoTime(at - DAY),
      policyVersion: POLICY,
      evidence: { id: `ev-${record.ref}-mall`, actor: 'import', method: 'mall_checkbox' },
    },
  });
}
