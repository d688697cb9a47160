import { KyokaError } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { confirmationToken } from '../acts/confirmations.js';
import { mintLinks } from '../links/page-tokens.js';
import type { PersonPorts } from '../ports.js';
import type { DutyMail } from './duty-mail-table.js';
import { MAIL_WORDS } from './mail-words.js';

/** What a duty mail says. It names no address and nothing that a reader over the shoulder could use but its link. */
export async function writeMail(
  ports: PersonPorts,
  mail: DutyMail,
): Promise<{ readonly subject: string; readonly text: string }> {
  const link = await LINK_OF[mail.duty](ports, mail);
  const { subject, text } = MAIL_WORDS[mail.lang][mail.duty];
  return { subject, text: text(link, new Date(mail.endsAt)) };
}

const LINK_OF: Readonly<
  Record<DutyMail['duty'], (ports: PersonPorts, mail: DutyMail) => Promise<string>>
> = {
  request_reply: async ({ vault, publicUrl }, mail) =>
    `${publicUrl()}/p/confirm/${confirmationToken(vault, mail.about)}`,
  async stop_receipt(ports, mail) {
    // The same link each time the mail is written, so that a retry makes no other.
    const secret = ports.vault.mac('receipt link', mail.id);
    const [link] = await mintLinks(
      queryable(ports.permissions),
      ports,
      [
        {
          page: 'preferences',
          subjectId: mail.subjectId,
          contact: mail.contact,
          scope: { purposes: [], channels: [] },
        },
      ],
      'page',
      () => secret,
    );
    if (link === undefined) throw new KyokaError('internal', 'a link was not made');
    return `${link.url}/stops/${mail.about}`;
  },
};
