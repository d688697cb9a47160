import { listUnsubscribeHeaders, smtpMailer } from '@kyoka/mail';
import { SECOND } from '@kyoka/kernel';
import { type MailFaultKind, startMailServer } from '@kyoka/sandbox';
import { afterAll, describe, expect, it } from 'vitest';

const server = await startMailServer(Date.now);
afterAll(() => server.close());
const mailer = smtpMailer({ url: server.url, from: 'Kyoka <privacy@shop.example>' }, Date.now);

let count = 0;
function send(withinMs = 5 * SECOND) {
  count += 1;
  const mail = {
    id: `mail-${count}`,
    to: 'taro@example.jp',
    subject: '配信停止の受付',
    text: '受け付けました。\n\nhttps://shop.example/p/abc\n',
  };
  return mailer.send(mail, Date.now() + withinMs);
}

describe('a mail handed to an SMTP server', () => {
  it('arrives whole, in Japanese, under an id of its own', async () => {
    expect(await send()).toEqual({ state: 'sent', answer: '250' });
    expect(server.mails()[0]).toMatchObject({
      to: 'taro@example.jp',
      subject: '配信停止の受付',
      messageId: `<mail-${count}@shop.example>`,
    });
    expect(server.mails()[0]?.text).toContain('受け付けました。');
    expect(server.mails()[0]?.text).toContain('https://shop.example/p/abc');
  });

  it.each<[MailFaultKind, object, taken: number]>([
    ['450_recipient', { state: 'later', answer: '450' }, 0],
    ['550_recipient', { state: 'failed', answer: '550' }, 0],
    ['451_text', { state: 'later', answer: '451' }, 0],
    ['554_text', { state: 'failed', answer: '554' }, 0],
    ['cut_before', { state: 'later', answer: 'send' }, 0],
    ['cut_after', { state: 'unknown', answer: 'no_reply' }, 1],
  ])('under %s is told as %o', async (kind, outcome, taken) => {
    const before = server.mails().length;
    server.faults.add({ kind });
    expect(await send()).toEqual(outcome);
    expect(server.mails().length - before).toBe(taken);
  });

  it('whose answer is late is unknown: the server may have taken it', async () => {
    server.faults.add({ kind: 'slow', delayMs: 60 * SECOND });
    expect(await send(300)).toEqual({ state: 'unknown', answer: 'no_reply' });
  });

  it('may be tried later where nobody listens', async () => {
    const nobody = smtpMailer({ url: 'smtp://127.0.0.1:1', from: 'a@b.example' }, Date.now);
    const mail = { id: 'x', to: 'taro@example.jp', subject: 's', text: 't' };
    expect(await nobody.send(mail, Date.now() + SECOND)).toEqual({
      state: 'later',
      answer: 'connect',
    });
  });
});

it('names the one-click address in the headers of RFC 8058', () => {
  expect(listUnsubscribeHeaders('https://shop.example/u/abc')).toEqual({
    'List-Unsubscribe': '<https://shop.example/u/abc>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  });
});
