import { randomUUID } from 'node:crypto';
import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { Lang } from '../ports.js';

/** The duties that mail is sent for, as the legal pack names them. Neither is advertising. */
export type Duty = 'request_reply' | 'stop_receipt';

/** A duty mail that waits: whose, to which of their addresses, and what it is about. Its text is written when it is sent. */
export interface DutyMail {
  readonly id: string;
  readonly duty: Duty;
  /** Id of the confirmation or of the stop. */
  readonly about: string;
  readonly subjectId: string;
  readonly contact: Buffer;
  readonly lang: Lang;
  readonly tries: number;
  readonly endsAt: Instant;
}

export type MailEnd = 'sent' | 'refused' | 'failed' | 'unknown';

/** Enters a mail in the transaction of what it is about: it is sent if and only if that committed. */
export async function enterMail(
  tx: Queryable,
  mail: Omit<DutyMail, 'id' | 'tries'> & { readonly now: Instant },
): Promise<void> {
  await tx.query(
    `insert into permissions.duty_mail (id, duty, about, subject_id, contact, lang, state, tries, asked_at, due_at, ends_at)
     values ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $7, $8)`,
    [
      randomUUID(),
      mail.duty,
      mail.about,
      mail.subjectId,
      mail.contact,
      mail.lang,
      formatInstant(mail.now),
      formatInstant(mail.endsAt),
    ],
  );
}

/** Locks the mail that has waited longest, passing over what another process is at. */
export async function lockWaiting(tx: Queryable, now: Instant): Promise<DutyMail | undefined> {
  const [row] = await tx.query<{
    id: string;
    duty: Duty;
    about: string;
    subject_id: string;
    contact: Buffer;
    lang: Lang;
    tries: number;
    ends_at: Date;
  }>(
    `select id, duty, about, subject_id, contact, lang, tries, ends_at from permissions.duty_mail
     where state = 'waiting' and due_at <= $1 order by due_at, id limit 1 for update skip locked`,
    [formatInstant(now)],
  );
  return (
    row && {
      id: row.id,
      duty: row.duty,
      about: row.about,
      subjectId: row.subject_id,
      contact: row.contact,
      lang: row.lang,
      tries: row.tries,
      endsAt: row.ends_at.getTime(),
    }
  );
}

/** It passed: from here on it may have been sent. `until` is when its attempt is over for certain. */
export async function markSending(
  tx: Queryable,
  id: string,
  { decisionId, until }: { readonly decisionId: string; readonly until: Instant },
): Promise<void> {
  await tx.query(
    `update permissions.duty_mail set state = 'sending', decision_id = $2, tries = tries + 1, due_at = $3 where id = $1`,
    [id, decisionId, formatInstant(until)],
  );
}

export async function markLater(
  db: Queryable,
  id: string,
  { dueAt, answer }: { readonly dueAt: Instant; readonly answer: string },
): Promise<void> {
  await db.query(
    `update permissions.duty_mail set state = 'waiting', due_at = $2, answer = $3 where id = $1 and state = 'sending'`,
    [id, formatInstant(dueAt), answer],
  );
}

export async function markEnded(
  db: Queryable,
  id: string,
  { state, answer, at }: { readonly state: MailEnd; readonly answer: string; readonly at: Instant },
): Promise<void> {
  await db.query(
    `update permissions.duty_mail set state = $2, answer = $3, ended_at = $4
     where id = $1 and state in ('waiting', 'sending')`,
    [id, state, answer, formatInstant(at)],
  );
}

/** Attempts whose process ended in their middle: what became of them nobody knows, so none is sent again. */
export async function endLost(db: Queryable, now: Instant): Promise<number> {
  const rows = await db.query(
    `update permissions.duty_mail set state = 'unknown', answer = 'process_ended', ended_at = $1
     where state = 'sending' and due_at <= $1 returning id`,
    [formatInstant(now)],
  );
  return rows.length;
}

/** The earliest moment at which there is something to do. */
export async function nextMail(db: Queryable): Promise<Instant | undefined> {
  const [row] = await db.query<{ at: Date | null }>(
    `select min(due_at) as at from permissions.duty_mail where state in ('waiting', 'sending')`,
  );
  return row?.at?.getTime();
}
