import type { Instant } from '@kyoka/kernel';

/** One mail to one person: one recipient a message, so that whatever comes back names one person. */
export interface Mail {
  /** Random; becomes the Message-ID, so that a mail which arrives twice can be told. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
}

/**
 * What is known after an attempt. `sent`: the server took it. `later`: it didn't, and may another time.
 * `failed`: it never will. `unknown`: the whole text had been handed over when the answer went missing.
 */
export interface MailOutcome {
  readonly state: 'sent' | 'later' | 'failed' | 'unknown';
  /** The server's three digits, or the step that failed. Never its text, which may quote an address. */
  readonly answer: string;
}

export interface Mailer {
  /** One attempt, ended by the deadline. Never throws for what a server does. */
  send(mail: Mail, deadlineAt: Instant): Promise<MailOutcome>;
}

/** Where mail is handed over, and in whose name. */
export interface MailServer {
  /** `smtp://` or `smtps://`, with user and password where the server asks for them. */
  readonly url: string;
  readonly from: string;
}
