import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from '../edge/harness.js';
import { idOf, member, post } from '../edge/people.js';
import { allowedOn, browsing, linksIn } from './browsing.js';

const DAY = 86_400_000;

/** News by mail and two networks by consent; content of own pages and analysis by the policy's clause. */
const ALLOWED = 5;

let edge: Harness;
let browse: ReturnType<typeof browsing>;

beforeAll(async () => {
  edge = await openHarness();
  await edge.switchOn(`/v1/policies/${POLICY}/switch`);
  await edge.switchOn('/v1/recipients/google/switch');
  await edge.switchOn('/v1/recipients/meta/switch');
  browse = browsing(edge);
});
afterAll(() => edge?.close());

let people = 0;
async function newMember() {
  people += 1;
  const ref = `p-${people}`;
  const email = `hanako${people}@mail.example.jp`;
  expect(await post(edge.ask, member(ref, [{ kind: 'email', value: email }]))).not.toContain(
    'refused',
  );
  return { ref, email, id: await idOf(edge.ask, ref) };
}

async function linkFor(id: string, body: object = { page: 'preferences' }) {
  const answer = await edge.ask(`/v1/subjects/${id}/page-tokens`, { body });
  expect(answer.status).toBe(201);
  return answer.json<{ url: string; headers?: Record<string, string> }>();
}

const state = async (id: string) =>
  (await edge.ask(`/v1/subjects/${id}`)).json<{
    permissions: { purpose: string; channel: string; state: string; proof: string }[];
    stops: { kind: string; endedAt?: string }[];
    adsSwitch?: string;
  }>();

describe('the preference page', () => {
  it('says what is allowed and why, shows no contact value, and changes nothing', async () => {
    const { id, email } = await newMember();
    const { url } = await linkFor(id);
    const before = await state(id);
    const page = await browse.get(url);
    expect(page.status).toBe(200);
    expect(allowedOn(page)).toBe(ALLOWED);
    expect(page.text).toContain('You agreed on 10 Jan 2026, on the form “entry”.');
    expect(page.text).toContain('h***@m***.jp');
    expect(page.text).not.toContain(email);
    expect((await browse.head(url)).status).toBe(200);
    expect(await state(id)).toEqual(before);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text.match(/(?:src|href)="https?:/g)).toBeNull();
  });

  it('is in Japanese for who asks for no language, with the purposes in the words of the policy', async () => {
    const { id } = await newMember();
    const { url } = await linkFor(id);
    const page = await browse.get(url, { 'accept-language': '*' });
    expect(page.text).toContain('<html lang="ja">');
    expect(page.text).toContain('当社や取引先の商品・サービスのご案内');
    expect((await browse.get(`${url}?lang=en`, { 'accept-language': 'ja' })).text).toContain(
      '<html lang="en">',
    );
  });

  it('stops one cell at once and gives the receipt, which is there later', async () => {
    const { id } = await newMember();
    const { url } = await linkFor(id);
    const stopped = await browse.post(url, { stop: 'cell:info_product|email' });
    expect(stopped.status).toBe(200);
    expect(stopped.text).toContain('It is stopped');
    expect((await state(id)).permissions).toContainEqual(
      expect.objectContaining({ purpose: 'info_product', channel: 'email', state: 'withdrawn' }),
    );
    const [receipt] = /\/p\/[\w-]+\/stops\/[\w-]+/.exec(stopped.text) ?? [];
    expect((await browse.get(receipt ?? '')).text).toContain('Until you yourself allow it again');
    const page = await browse.get(url);
    expect(allowedOn(page)).toBe(ALLOWED - 1);
    expect(page.text).toContain('You stopped it, or somebody who shares your contact point did.');
  });

  it('stops every use: a suspension, under which order mails end, too', async () => {
    const { id } = await newMember();
    const { url } = await linkFor(id);
    await browse.post(url, { stop: 'every_use' });
    expect((await state(id)).stops).toContainEqual(expect.objectContaining({ kind: 'suspension' }));
    expect(allowedOn(await browse.get(url))).toBe(0);
  });

  it('takes a stop that it cannot read as all that may be refused', async () => {
    const { id } = await newMember();
    const { url } = await linkFor(id);
    expect((await browse.post(url, { stop: 'cell:%00' })).status).toBe(200);
    expect(allowedOn(await browse.get(url))).toBe(0);
    expect((await state(id)).adsSwitch).toBe('off');
  });

  it('changes nothing for a form without a button of its own', async () => {
    const { id } = await newMember();
    const { url } = await linkFor(id);
    const answer = await browse.post(url, { hello: 'x' });
    expect(answer.status).toBe(400);
    expect(allowedOn(await browse.get(url))).toBe(ALLOWED);
  });
});

describe('a link that opens nothing', () => {
  it('is answered alike, whether it never was, has ended, or is of another page', async () => {
    const { id } = await newMember();
    const ended = (await linkFor(id)).url;
    const oneClick = (await linkFor(id, { page: 'one_click' })).url;
    const never = `${edge.url}/p/${'A'.repeat(43)}`;
    edge.pagesClock.ahead = 91 * DAY;
    const answers = [];
    try {
      for (const url of [never, ended, oneClick.replace('/u/', '/p/'), `${edge.url}/p/x`]) {
        const { status, text } = await browse.get(url);
        answers.push({ status, text });
      }
      expect((await browse.post(ended, { stop: 'every_use' })).status).toBe(404);
    } finally {
      edge.pagesClock.ahead = 0;
    }
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
    expect((await state(id)).stops).toEqual([]);
    // Control: the same link a day earlier.
    expect((await browse.get(ended)).status).toBe(200);
  });

  it('shows nobody the receipt of another person', async () => {
    const [one, other] = [await newMember(), await newMember()];
    const own = (await linkFor(one.id)).url;
    const stopped = await browse.post((await linkFor(other.id)).url, { stop: 'advertising' });
    const [, receipt] = /\/stops\/([\w-]+)/.exec(stopped.text) ?? [];
    expect((await browse.get(`${own}/stops/${receipt}`)).status).toBe(404);
  });
});

describe('one click', () => {
  it('stops by the one field of RFC 8058, in either encoding, and by nothing less', async () => {
    for (const encoding of ['urlencoded', 'multipart'] as const) {
      const { id, email } = await newMember();
      const made = await linkFor(id, {
        page: 'one_click',
        scope: { purposes: ['info_product'], channels: ['email'] },
        sentTo: { kind: 'email', value: email },
      });
      expect(made.headers).toEqual({
        'List-Unsubscribe': `<${made.url}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      });
      const got = await browse.get(made.url);
      expect(got.text).toContain('name="List-Unsubscribe" value="One-Click"');
      expect((await browse.post(made.url, { 'List-Unsubscribe': 'no' })).status).toBe(400);
      expect((await state(id)).permissions.map((one) => one.state)).not.toContain('withdrawn');

      const form = new FormData();
      form.set('List-Unsubscribe', 'One-Click');
      const body =
        encoding === 'multipart' ? form : new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
      const answer = await fetch(made.url, { method: 'POST', body, redirect: 'error' });
      expect(answer.status).toBe(200);
      expect((await fetch(made.url, { method: 'POST', body })).status).toBe(200);
      expect((await state(id)).permissions).toContainEqual(
        expect.objectContaining({ purpose: 'info_product', channel: 'email', state: 'withdrawn' }),
      );
    }
  });
});

describe('allowing again', () => {
  it('needs the link that was sent to the contact point, which works once', async () => {
    const { id, email } = await newMember();
    const { url } = await linkFor(id);
    await browse.post(url, { stop: 'every_use' });
    const form = await browse.get(`${url}/allow?cell=info_product%7Cemail`);
    expect(form.text).toContain('h***@m***.jp');
    const asked = await browse.post(url, { allow: 'info_product|email', to: '0' });
    expect(asked.text).toContain('The confirmation is on its way');
    expect(allowedOn(await browse.get(url))).toBe(0);

    expect(await edge.sendMails()).toEqual(['sent answer_250']);
    const [mail] = edge.played.mail.mails();
    expect(mail?.to).toBe(email);
    const [link = ''] = linksIn(mail?.text ?? '');
    await browse.head(link);
    const confirm = await browse.get(link);
    expect(confirm.text).toContain('Allow it');
    expect(allowedOn(await browse.get(url))).toBe(0);

    const done = await browse.post(link, { confirm: 'yes' });
    expect(done.text).toContain('It is allowed');
    expect(allowedOn(done)).toBe(1);
    expect(allowedOn(await browse.get(url))).toBe(1);
    expect((await state(id)).permissions).toContainEqual(
      expect.objectContaining({
        purpose: 'info_product',
        channel: 'email',
        state: 'granted',
        proof: 'confirmed',
      }),
    );

    await browse.post(url, { stop: 'advertising' });
    const [used, never] = [
      await browse.post(link, { confirm: 'yes' }),
      await browse.get(`${edge.url}/p/confirm/x`),
    ];
    expect(used.status).toBe(404);
    expect(used.text).toBe(never.text);
    expect(allowedOn(await browse.get(url))).toBe(0);
  });

  it('sends nobody more than a few confirmations an hour', async () => {
    const { id } = await newMember();
    const { url } = await linkFor(id);
    await browse.post(url, { stop: 'advertising' });
    const statuses = [];
    for (let n = 0; n < 4; n += 1)
      statuses.push((await browse.post(url, { allow: 'info_product|email', to: '0' })).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
  });
});

describe('a duty mail', () => {
  it('leaves only with a stored decision, and not under a freeze that names the duty', async () => {
    await edge.sendMails();
    const { id } = await newMember();
    const { url } = await linkFor(id);
    const frozen = await edge.ask('/v1/freezes', {
      body: { scope: { purposes: ['stop_receipt'], channels: ['email'] }, reason: 'test' },
    });
    await browse.post(url, { stop: 'advertising', receipt: 'mail' });
    await edge
      .sendMails()
      .then((told) => expect(told.filter((one) => one.startsWith('refused'))).toHaveLength(1));
    const { id: freeze } = frozen.json<{ id: string }>();
    await edge.ask(`/v1/freezes/${freeze}/lift`, { body: { reason: 'over' } });
    await browse.post(url, { stop: 'every_use', receipt: 'mail' });
    expect(await edge.sendMails()).toEqual(['sent answer_250']);
    const [mail] = edge.played.mail.mails();
    expect(mail?.subject).toBe('Receipt: the use of your data is stopped');
    const [link = ''] = linksIn(mail?.text ?? '');
    expect((await browse.get(link)).text).toContain('Receipt of a stop');
  });

  it('is tried again where it was not taken, and never where nobody knows', async () => {
    const { id } = await newMember();
    const { url } = await linkFor(id);
    edge.played.mail.faults.add({ kind: '451_text' });
    await browse.post(url, { stop: 'advertising', receipt: 'mail' });
    expect(await edge.sendMails()).toEqual(['later answer_451']);
    edge.pagesClock.ahead = 60_000;
    expect(await edge.sendMails()).toEqual(['sent answer_250']);

    edge.played.mail.faults.add({ kind: 'cut_after' });
    await browse.post(url, { stop: 'every_use', receipt: 'mail' });
    expect(await edge.sendMails()).toEqual(['unknown answer_no_reply']);
    edge.pagesClock.ahead = 3_600_000;
    expect(await edge.sendMails()).toEqual([]);
    edge.pagesClock.ahead = 0;
  });
});

it('makes links in batches, and says for whom it can not', async () => {
  const { ref, email } = await newMember();
  const answer = await edge.ask('/v1/page-tokens:batch', {
    body: {
      links: [
        { subject: { source: 'store', ref }, page: 'preferences' },
        { subject: { source: 'store', ref: 'nobody' }, page: 'preferences' },
        {
          subject: { source: 'store', ref },
          page: 'one_click',
          sentTo: { kind: 'email', value: email },
        },
        {
          subject: { source: 'store', ref },
          page: 'one_click',
          sentTo: { kind: 'email', value: 'x@y.jp' },
        },
      ],
    },
  });
  const { links } = answer.json<{ links: { url?: string; refused?: string }[] }>();
  expect(links.map((one) => one.refused ?? one.url?.replace(/.*\/(.)\/.*/, '$1'))).toEqual([
    'p',
    'unknown_subject',
    'u',
    'unknown_contact',
  ]);
});

it('answers 429 to who tries many wrong links, and still opens a right one', async () => {
  const { id } = await newMember();
  const { url } = await linkFor(id);
  const got = [];
  for (let n = 0; n < 25; n += 1) got.push(await browse.get(`${edge.url}/u/wrong-${n}`));
  const last = got.at(-1);
  expect([last?.status, got[0]?.text === last?.text]).toEqual([429, true]);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await browse.get(url)).status).toBe(200);
  expect(edge.faults).toEqual([]);
});
