import { Readable } from 'node:stream';
import { type Clock, type Instant, SECOND } from '@kyoka/kernel';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { Mail, Mailer, MailOutcome, MailServer } from './mailer.js';

const STEP_MS = 10 * SECOND;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Hands mail to one SMTP server (RFC 5321), a connection a mail. Beyond this machine only under TLS:
 * a server that doesn't offer it gets nothing.
 */
export function smtpMailer({ url, from }: MailServer, clock: Clock): Mailer {
  const { options, auth } = connectionOf(new URL(url));
  return {
    async send(mail, deadlineAt) {
      const message = await compose(mail, from);
      return attempt(
        new SMTPConnection(options),
        { ...(auth && { auth }), from: addressIn(from), to: mail.to, message },
        Math.max(deadlineAt - clock(), 0),
      );
    },
  };
}

function connectionOf(url: URL): {
  options: SMTPConnectionOptions;
  auth?: { user: string; pass: string };
} {
  const secure = url.protocol === 'smtps:';
  const near = LOOPBACK.test(url.hostname);
  const auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  return {
    options: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
      secure,
      requireTLS: !secure && !near,
      ignoreTLS: near && !secure,
      allowInternalNetworkInterfaces: true,
      connectionTimeout: STEP_MS,
      greetingTimeout: STEP_MS,
      socketTimeout: STEP_MS,
      socketCloseTimeout: 0,
      dnsTimeout: STEP_MS,
      logger: false,
    },
    ...(auth.user !== '' && { auth }),
  };
}

function compose(mail: Mail, from: string): Promise<Buffer> {
  return new MailComposer({
    from,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    textEncoding: 'B',
    messageId: `<${mail.id}@${addressIn(from).split('@')[1] ?? 'kyoka'}>`,
    // RFC 3834: nothing answers this by itself.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

/** The bare address of `Name <address>`. */
const addressIn = (from: string): string => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();

interface Envelope {
  readonly auth?: { user: string; pass: string };
  readonly from: string;
  readonly to: string;
  readonly message: Buffer;
}

/**
 * The steps of one delivery. Once the whole text has been read off, the final dot may be under way,
 * and without an answer nobody knows what the server made of it.
 */
async function attempt(
  connection: SMTPConnection,
  { auth, from, to, message }: Envelope,
  withinMs: Instant,
): Promise<MailOutcome> {
  let step = 'connect';
  let handedOver = false;
  const { promise, resolve } = Promise.withResolvers<MailOutcome>();
  const fail = (fault: unknown) => resolve(outcomeOf(fault, step, handedOver));
  const late = setTimeout(() => fail(undefined), withinMs);
  connection.on('error', fail);
  connection.on('end', () => fail(undefined));
  const next = (name: string, go: () => void) => (fault?: unknown) => {
    if (fault !== undefined && fault !== null) return fail(fault);
    step = name;
    return go();
  };
  const send = next('send', () => {
    const text = Readable.from([message], { objectMode: false });
    text.once('end', () => {
      handedOver = true;
    });
    connection.send({ from, to: [to], size: message.length }, text, (fault) =>
      fault ? fail(fault) : resolve({ state: 'sent', answer: '250' }),
    );
  });
  connection.connect(next('login', () => (auth ? connection.login(auth, send) : send())));
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    connection.removeAllListeners();
    connection.on('error', () => undefined);
    connection.close();
  }
}

function outcomeOf(fault: unknown, step: string, handedOver: boolean): MailOutcome {
  const code = (fault as { responseCode?: unknown } | undefined)?.responseCode;
  if (typeof code === 'number' && code >= 400) {
    return { state: code >= 500 && step === 'send' ? 'failed' : 'later', answer: String(code) };
  }
  return handedOver ? { state: 'unknown', answer: 'no_reply' } : { state: 'later', answer: step };
}
