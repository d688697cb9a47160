import { randomUUID } from 'node:crypto';
import { formatInstant, HOUR, type Instant } from '@kyoka/kernel';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import { linkDigest } from '../links/link-digest.js';
import { enterMail } from '../mails/duty-mail-table.js';
import type { Lang, PersonPorts } from '../ports.js';
import { type Confirmation, confirmationOf, type ConfirmationRow } from './confirmation.js';
import type { AllowWish } from './wish.js';

/** Confirmation mails that one subject's pages can cause: a link may be in a stranger's hands. */
const ASKS_AN_HOUR = 3;
const ASKS_A_DAY = 10;
const DAY_HOURS = 24;

/**
 * Asks for a confirmation: nothing is allowed by it yet. A one-time link goes to the contact point,
 * and only who reads what arrives there can use it.
 *
 * @param contact look-up token of the address
 * @returns `too_many` where so many were asked for that no other is sent now
 */
export function askConfirmation(
  ports: PersonPorts,
  asked: {
    readonly subjectId: string;
    readonly contact: Buffer;
    readonly wish: AllowWish;
    readonly lang: Lang;
  },
): Promise<'asked' | 'too_many'> {
  const { subjectId, contact, wish, lang } = asked;
  return inTransaction(ports.permissions, async (tx) => {
    const now = ports.clock();
    // Two asks at the same time count each other: the subject's row orders them.
    await tx.query('select from permissions.subject where id = $1 for update', [subjectId]);
    if (await isTooMany(tx, subjectId, now)) return 'too_many';
    const id = randomUUID();
    const endsAt = now + ports.terms.confirmationMs;
    await tx.query(
      `insert into permissions.page_confirmation (id, hash, subject_id, contact, wish, asked_at, ends_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        id,
        linkDigest(ports.vault, confirmationToken(ports.vault, id)),
        subjectId,
        contact,
        JSON.stringify(wish),
        formatInstant(now),
        formatInstant(endsAt),
      ],
    );
    await enterMail(tx, {
      duty: 'request_reply',
      about: id,
      subjectId,
      contact,
      lang,
      now,
      endsAt,
    });
    return 'asked';
  }).then((answer) => {
    if (answer === 'asked') ports.wakeMails();
    return answer;
  });
}

async function isTooMany(tx: Queryable, subjectId: string, now: Instant): Promise<boolean> {
  const [row] = await tx.query<{ hour: number; day: number }>(
    `select count(*) filter (where asked_at > $2)::integer as hour, count(*)::integer as day
     from permissions.page_confirmation where subject_id = $1 and asked_at > $3`,
    [subjectId, formatInstant(now - HOUR), formatInstant(now - DAY_HOURS * HOUR)],
  );
  return row !== undefined && (row.hour >= ASKS_AN_HOUR || row.day >= ASKS_A_DAY);
}

/**
 * The token of a confirmation's link: found again from its id when the mail is written, so that it
 * never lies anywhere. Without the keys nobody gets from one to the other.
 */
export const confirmationToken = (vault: PersonPorts['vault'], id: string): string =>
  vault.mac('page confirmation', id).toString('base64url');

/** The confirmation behind a link that is valid and not used up; looking changes nothing. */
export async function findConfirmation(
  { permissions, vault, clock }: PersonPorts,
  token: string,
): Promise<Confirmation | undefined> {
  const [row] = await queryable(permissions).query<ConfirmationRow>(
    `select id, subject_id, contact, wish, asked_at from permissions.page_confirmation
     where hash = $1 and ends_at > $2 and done_at is null`,
    [linkDigest(vault, token), formatInstant(clock())],
  );
  return row && confirmationOf(row);
}
