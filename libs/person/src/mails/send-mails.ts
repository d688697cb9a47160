import type { DueTask } from '@kyoka/clock';
import { MINUTE, SECOND } from '@kyoka/kernel';
import type { Mailer } from '@kyoka/mail';
import { queryable } from '@kyoka/postgres';
import type { PersonPorts } from '../ports.js';
import { endLost, markEnded, markLater, nextMail } from './duty-mail-table.js';
import { type PassedMail, passMailGate } from './mail-gate.js';
import { writeMail } from './write-mail.js';

/** From the gate's commit to the last byte (design: the release gate), and what a report may take after it. */
const DEADLINE_MS = 30 * SECOND;
const REPORT_MS = 30 * SECOND;

const RETRY = { firstMs: 10 * SECOND, mostMs: 30 * MINUTE };

/** Told of each attempt: how it ended, in words that name nobody. */
export type MailTold = (told: { readonly state: string; readonly reason: string }) => void;

/**
 * Sends the duty mails that wait, one a turn. A mail that a server took for certain or refused for
 * certain has ended; one that it may take later is tried again until its end; one of which nobody
 * knows is never sent again by itself.
 */
export function dutyMails(ports: PersonPorts, mailer: Mailer, told: MailTold): DueTask {
  const db = queryable(ports.permissions);
  return {
    name: 'duty mails',
    async run(at) {
      const lost = await endLost(db, at);
      if (lost > 0) told({ state: 'unknown', reason: 'process_ended' });
      const result = await passMailGate(ports, DEADLINE_MS + REPORT_MS);
      if (result.kind === 'passed') await send(ports, mailer, result, told);
      if (result.kind === 'refused') told({ state: 'refused', reason: 'not_allowed' });
      return lost + (result.kind === 'idle' ? 0 : 1);
    },
    next: () => nextMail(db),
  };
}

async function send(
  ports: PersonPorts,
  mailer: Mailer,
  { mail, address }: PassedMail,
  told: MailTold,
): Promise<void> {
  const db = queryable(ports.permissions);
  const deadlineAt = ports.clock() + DEADLINE_MS;
  const text = await writeMail(ports, mail);
  const { state, answer } = await mailer.send({ id: mail.id, to: address, ...text }, deadlineAt);
  const at = ports.clock();
  told({ state, reason: `answer_${answer}` });
  if (state !== 'later') return markEnded(db, mail.id, { state, answer, at });
  const dueAt = at + Math.min(RETRY.firstMs * 2 ** mail.tries, RETRY.mostMs);
  return dueAt < mail.endsAt
    ? markLater(db, mail.id, { dueAt, answer })
    : markEnded(db, mail.id, { state: 'failed', answer, at });
}
