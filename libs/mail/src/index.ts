export { listUnsubscribeHeaders } from './list-unsubscribe.js';
export type { Mail, Mailer, MailOutcome, MailServer } from './mailer.js';
export { smtpMailer } from './smtp-mailer.js';
