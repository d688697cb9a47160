import { type RunningClock, startClock } from '@kyoka/clock';
import type { Settings } from '@kyoka/config';
import type { ServicesContext } from '@kyoka/edge';
import { DAY, HOUR, MINUTE } from '@kyoka/kernel';
import { type MailServer, smtpMailer } from '@kyoka/mail';
import { confirmedWishes, dutyMails, mintLinks, type PersonPorts } from '@kyoka/person';
import { queryable } from '@kyoka/postgres';
import { keepTime } from './clock.js';
import type { ProcessParts } from './process-parts.js';

export interface PersonPages {
  /** What the services need of the pages. */
  readonly context: ServicesContext['pages'];
  /**
   * Begins to send duty mails, and to take up confirmed wishes that nobody carried out.
   *
   * @param served address of the HTTP interface, for links where no other is set
   */
  start(person: PersonPorts, served: string, parts: ProcessParts): void;
}

/** The longest that a mail waits which another process has entered. */
const LOOK_EVERY_MS = MINUTE / 4;

/** @param mailServer where duty mails are handed over; without one there are none */
export function personPages(
  { publicUrl, pageTokenDays, oneClickDays, confirmationHours }: Settings,
  mailServer: MailServer | undefined,
): PersonPages {
  let base = publicUrl ?? '';
  let mails: RunningClock | undefined;
  return {
    context: {
      publicUrl: () => base.replace(/\/$/, ''),
      terms: {
        preferencesMs: pageTokenDays * DAY,
        oneClickMs: oneClickDays * DAY,
        confirmationMs: confirmationHours * HOUR,
      },
      mailing: mailServer !== undefined,
      wakeMails: () => mails?.wake(),
    },
    start(person, served, parts) {
      const { clock, closing, log } = parts;
      base = publicUrl ?? served;
      const running = {
        pool: person.permissions,
        clock,
        onFault: (_: string, fault: unknown) => log.error('framework', { fault }),
      };
      keepTime(
        { name: 'confirmed wishes', pool: person.permissions, tasks: [confirmedWishes(person)] },
        parts,
      );
      if (mailServer === undefined) return;
      const mailer = smtpMailer(mailServer, clock);
      // Apart from what else time ends: a mail server may be slow.
      const sending = startClock({
        ...running,
        tasks: [dutyMails(person, mailer, (told) => log.info('mail_handled', told))],
        everyMs: LOOK_EVERY_MS,
      });
      mails = sending;
      closing.add('duty mails', () => sending.stop());
    },
  };
}

/** The server that is set for duty mails, if one is. */
export const mailServerOf = ({ smtpUrl, mailFrom }: Settings): MailServer | undefined =>
  smtpUrl === undefined || mailFrom === undefined ? undefined : { url: smtpUrl, from: mailFrom };

/** A link to a person's own page, for whoever runs the machine to try it. */
export async function personLink(person: PersonPorts, subjectId: string): Promise<string> {
  const scope = { purposes: [], channels: [] };
  const [link] = await mintLinks(
    queryable(person.permissions),
    person,
    [{ page: 'preferences', subjectId, scope }],
    'service:kyoka',
  );
  return link?.url ?? '';
}
