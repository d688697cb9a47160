import { inTransaction } from '@kyoka/postgres';
import { enterMail } from '../mails/duty-mail-table.js';
import type { Lang, PersonPorts } from '../ports.js';

/** Sends the receipt of a stop to an address of the person, who asked for it on the page. */
export async function requestReceipt(
  ports: PersonPorts,
  asked: {
    readonly stopId: string;
    readonly subjectId: string;
    readonly contact: Buffer;
    readonly lang: Lang;
  },
): Promise<void> {
  const { stopId: about, ...rest } = asked;
  const now = ports.clock();
  const endsAt = now + ports.terms.confirmationMs;
  await inTransaction(ports.permissions, (tx) =>
    enterMail(tx, { ...rest, duty: 'stop_receipt', about, now, endsAt }),
  );
  ports.wakeMails();
}
