import type { FastifyInstance } from 'fastify';
import { mailFaultSchema } from './faults.js';
import type { MailServer, PlayedMail } from './mail-server.js';

const CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** The mailbox of the sandbox: a page for people, JSON for programs, and faults to order. */
export function mailRoutes(app: FastifyInstance, mail: MailServer): void {
  app.get('/sandbox/mail', async (request, reply) => {
    void reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    if (!(request.headers.accept ?? '').includes('text/html')) return { mails: mail.mails() };
    return reply
      .header('content-security-policy', CSP)
      .type('text/html; charset=utf-8')
      .send(page(mail.mails()));
  });
  app.post('/_sandbox/mail/faults', async (request, reply) => {
    const fault = mailFaultSchema.safeParse(request.body);
    if (!fault.success) {
      return reply.code(400).send({ fields: fault.error.issues.map(({ path }) => path.join('.')) });
    }
    mail.faults.add(fault.data);
    return reply.code(201).send(fault.data);
  });
  app.delete('/_sandbox/mail/faults', async (_request, reply) => {
    mail.faults.clear();
    return reply.code(204).send();
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => ESCAPES[one] as string);

const linked = (text: string): string =>
  escaped(text).replace(/https?:\/\/[^\s&<]+/g, (url) => `<a href="${url}">${url}</a>`);

const STYLE = `:root{color-scheme:light dark}
body{font:1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
article{border-top:1px solid;padding:1rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}
a:focus-visible{outline:3px solid}`;

function page(mails: readonly PlayedMail[]): string {
  const articles = mails.map(
    ({ at, to, subject, text }) =>
      `<article><h2>${escaped(subject)}</h2><p>${escaped(to)}, ${escaped(at)}</p><pre>${linked(text)}</pre></article>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sandbox mailbox</title><style>${STYLE}</style></head><body><main><h1>Sandbox mailbox</h1>
<p>Mail that the service sent on this machine, newest first. Nothing has left it, and nothing is kept once it stops.</p>
${articles.join('\n') || '<p>No mail yet.</p>'}</main></body></html>`;
}
