import { DAY, type Instant, type Json } from '@kyoka/kernel';
import type { Journal } from './events.js';
import type { Person, SampleRecord } from './people.js';
import type { Random } from './random.js';
import { tokyoTime } from './time.js';

interface Stop {
  readonly chance: number;
  readonly type: string;
  readonly publisher: 'shop' | 'mailer' | 'http';
  /** The contact that must be there, and is named. */
  readonly contact?: 'email' | 'postal';
  readonly withoutSubject?: true;
  readonly data?: Readonly<Record<string, Json>>;
}

const EVERYTHING = { scope: { purposes: ['*'], channels: ['*'] } };

/** What happens to people of the store besides consents. `http` is what the desk enters for them. */
const STOPS: readonly Stop[] = [
  { chance: 0.012, type: 'suspension.requested', publisher: 'shop', data: EVERYTHING },
  {
    chance: 0.006,
    type: 'suspension.requested',
    publisher: 'http',
    contact: 'email',
    withoutSubject: true,
    data: EVERYTHING,
  },
  {
    chance: 0.006,
    type: 'suspension.requested',
    publisher: 'http',
    data: { scope: { purposes: ['ad_matching'], channels: ['ads'] } },
  },
  { chance: 0.004, type: 'erasure.requested', publisher: 'shop' },
  { chance: 0.02, type: 'membership.cancelled', publisher: 'shop' },
  {
    chance: 0.02,
    type: 'delivery.bounced',
    publisher: 'mailer',
    contact: 'email',
    data: { channel: 'email', bounce: 'hard' },
  },
  {
    chance: 0.012,
    type: 'delivery.bounced',
    publisher: 'mailer',
    contact: 'email',
    data: { channel: 'email', bounce: 'soft' },
  },
  {
    chance: 0.01,
    type: 'delivery.complained',
    publisher: 'mailer',
    contact: 'email',
    withoutSubject: true,
    data: { channel: 'email' },
  },
  { chance: 0.04, type: 'delivery.returned', publisher: 'mailer', contact: 'postal' },
];

export function addStops(
  journal: Journal,
  { random }: Person,
  record: SampleRecord,
  now: Instant,
): void {
  const subject = { source: record.source, ref: record.ref };
  for (const { chance, type, publisher, contact, withoutSubject, data } of STOPS) {
    const named = record.contacts.filter(({ kind }) => kind === contact);
    if (!random.chance(chance) || (contact !== undefined && named.length === 0)) continue;
    const at = recent(random, record, now);
    journal.add({
      publisher,
      source: 'store',
      type,
      at: at + 5_000,
      data: {
        ...(!withoutSubject && { subject }),
        ...(named.length > 0 && { contacts: named }),
        ...data,
        occurredAt: tokyoTime(at),
        ...(publisher !== 'mailer' && {
          evidence: {
            id: `ev-${record.ref}-${type}`,
            actor: 'subject',
            method: publisher === 'http' ? 'phone' : 'form',
          },
        }),
      },
    });
    if (type === 'suspension.requested' && publisher === 'shop' && random.chance(0.2)) {
      const lifted = Math.min(at + 10 * DAY, now - 60_000);
      journal.add({
        publisher: 'shop',
        source: 'store',
        type: 'suspension.lifted',
        at: lifted + 5_000,
        data: {
          subject,
          ...data,
          occurredAt: tokyoTime(lifted),
          evidence: {
            id: `ev-${record.ref}-lift`,
            actor: 'subject',
            method: 'session',
            confirmed: { by: 'session', at: tokyoTime(lifted) },
          },
        },
      });
    }
  }
}

/** Following, leaving and following again at LINE; the ids are those that the store knows too. */
export function addLine(
  journal: Journal,
  { random, lineId, number }: Person,
  since: Instant,
  now: Instant,
): void {
  if (lineId === undefined) return;
  const told = (type: 'line.followed' | 'line.unfollowed', at: Instant) =>
    journal.add({
      publisher: 'line',
      source: 'line',
      type,
      at: at + 1_000,
      data: {
        subject: { source: 'line', ref: `l-${number}` },
        contacts: [{ kind: 'line', value: lineId }],
        occurredAt: tokyoTime(at),
      },
    });
  told('line.followed', since + 3_600_000);
  if (!random.chance(0.2)) return;
  told('line.unfollowed', since + 90 * DAY);
  if (random.chance(0.3)) told('line.followed', Math.min(since + 120 * DAY, now - 60_000));
}

function recent(random: Random, record: SampleRecord, now: Instant): Instant {
  return (
    Math.max(record.since + DAY, now - random.between(1, 120) * DAY) -
    random.between(0, 3_600) * 1000
  );
}
