import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, KyokaError, MINUTE } from '@kyoka/kernel';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { MailFaults } from './faults.js';

/** A mail that was taken, as its reader sees it. */
export interface PlayedMail {
  readonly number: number;
  readonly at: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
}

export interface MailServer {
  /** For an SMTP client. */
  readonly url: string;
  /** Newest first. They lie in memory only and end with the process. */
  mails(): readonly PlayedMail[];
  readonly faults: MailFaults;
  close(): Promise<void>;
}

const MAX_BYTES = 256 * 1024;
const KEPT = 500;
const PER_MINUTE = 600;

/** Plays the mail server of everybody: takes any recipient, within limits, and delivers to memory. */
export async function startMailServer(clock: Clock, port = 0): Promise<MailServer> {
  const faults = new MailFaults();
  const kept: PlayedMail[] = [];
  const recent: number[] = [];
  let count = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    size: MAX_BYTES,
    closeTimeout: 200,
    onRcptTo(_address, session, done) {
      while (recent[0] !== undefined && recent[0] <= clock() - MINUTE) recent.shift();
      if (recent.length >= PER_MINUTE) return done(refusal(450, 'too many mails a minute'));
      recent.push(clock());
      const fault = faults.take(['450_recipient', '550_recipient', 'cut_before']);
      if (fault?.kind === 'cut_before') return cut(server, session);
      if (fault?.kind === '450_recipient') return done(refusal(450, 'mailbox is busy'));
      if (fault?.kind === '550_recipient') return done(refusal(550, 'no such mailbox'));
      return done();
    },
    onData(stream, session, tell) {
      const fault = faults.take(['451_text', '554_text', 'cut_after', 'slow']);
      const taken = async () => {
        const bytes = await textOf(stream);
        if (bytes === undefined) return refusal(552, 'the mail is too large');
        if (fault?.kind === '451_text') return refusal(451, 'try again');
        if (fault?.kind === '554_text') return refusal(554, 'not wanted');
        const mail = await PostalMime.parse(bytes);
        count += 1;
        kept.unshift({
          number: count,
          at: new Date(clock()).toISOString(),
          to: session.envelope.rcptTo[0]?.address ?? '',
          subject: mail.subject ?? '',
          text: mail.text ?? '',
          messageId: mail.messageId ?? '',
        });
        kept.length = Math.min(kept.length, KEPT);
        if (fault?.kind === 'cut_after') cut(server, session);
        if (fault?.kind === 'slow') await delay(fault.delayMs, undefined, { ref: false });
        return undefined;
      };
      void taken().then(tell, tell);
    },
  });
  server.on('error', () => undefined);
  const listening = server.listen(port, '127.0.0.1');
  await once(listening, 'listening').catch(() => {
    throw new KyokaError('already_running', 'the port of the mail server is taken');
  });
  return {
    url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    mails: () => kept,
    faults,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const refusal = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode });

/** @returns `undefined` for one above the limit */
async function textOf(stream: SMTPServerDataStream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return stream.sizeExceeded ? undefined : Buffer.concat(chunks);
}

function cut(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) {
    if (connection.session.id === session.id) connection._socket.destroy();
  }
}
