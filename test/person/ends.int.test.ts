import { randomUUID } from 'node:crypto';
import { DAY, HOUR, MINUTE } from '@kyoka/kernel';
import { smtpMailer } from '@kyoka/mail';
import {
  confirmedWishes,
  dutyMails,
  endedLinks,
  findConfirmation,
  type PersonPorts,
  useConfirmation,
} from '@kyoka/person';
import { queryable } from '@kyoka/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from '../edge/harness.js';
import { idOf, member, post } from '../edge/people.js';
import { allowedOn, browsing, linksIn } from './browsing.js';

let edge: Harness;
let browse: ReturnType<typeof browsing>;

beforeAll(async () => {
  edge = await openHarness();
  browse = browsing(edge);
  await edge.switchOn(`/v1/policies/${POLICY}/switch`);
});
afterAll(() => edge?.close());

const db = () => queryable(edge.person.permissions);
const rowsOf = async (table: 'page_token' | 'page_confirmation' | 'duty_mail') =>
  (await db().query(`select from permissions.${table}`)).length;

async function newLink(page: 'preferences' | 'one_click'): Promise<string> {
  const ref = randomUUID();
  await post(edge.ask, member(ref, [{ kind: 'email', value: `${ref}@mail.example.jp` }]));
  const body = { page };
  const answer = await edge.ask(`/v1/subjects/${await idOf(edge.ask, ref)}/page-tokens`, { body });
  return answer.json<{ url: string }>().url;
}

/** Lets everything that ends by time happen, so many milliseconds ahead. */
async function endAt(ahead: number): Promise<void> {
  edge.pagesClock.ahead = ahead;
  for (const task of endedLinks(edge.person)) while ((await task.run(edge.person.clock())) > 0);
}

it('links and confirmations end by the clock alone, and their rows go when their time is over', async () => {
  const [preferences, oneClick] = [await newLink('preferences'), await newLink('one_click')];
  await browse.post(preferences, { stop: 'advertising' });
  await browse.post(preferences, { allow: 'info_product|email', to: '0' });
  await edge.sendMails();
  const [confirm = ''] = linksIn(edge.played.mail.mails()[0]?.text ?? '');
  const statuses = async () => {
    const got = [];
    for (const url of [confirm, preferences, oneClick]) got.push((await browse.get(url)).status);
    return got;
  };
  try {
    // Control: an hour before the first of them ends, all three open and no row goes.
    await endAt(23 * HOUR);
    expect(await statuses()).toEqual([200, 200, 200]);
    expect([await rowsOf('page_token'), await rowsOf('page_confirmation')]).toEqual([2, 1]);
    await endAt(DAY + MINUTE);
    expect(await statuses()).toEqual([404, 200, 200]);
    expect((await browse.post(confirm, { confirm: 'yes' })).status).toBe(404);
    await endAt(31 * DAY + MINUTE);
    expect([await rowsOf('page_confirmation'), await rowsOf('duty_mail')]).toEqual([0, 0]);
    await endAt(90 * DAY + MINUTE);
    expect(await statuses()).toEqual([404, 404, 200]);
    expect(await rowsOf('page_token')).toBe(1);
    await endAt(180 * DAY + MINUTE);
    expect(await statuses()).toEqual([404, 404, 404]);
    expect(await rowsOf('page_token')).toBe(0);
  } finally {
    edge.pagesClock.ahead = 0;
  }
});

/** A mailer whose process ends once the server has answered, before the outcome is written down. */
const dying = (url: string) => {
  const real = smtpMailer({ url, from: 'Kyoka <privacy@shop.example>' }, Date.now);
  return {
    async send(...sent: Parameters<typeof real.send>): Promise<never> {
      await real.send(...sent);
      throw new Error('the process ends here');
    },
  };
};

it.each([
  ['the server took it and then cut the connection', 'cut_after'],
  ['the server took it and answered', undefined],
] as const)(
  'a mail in whose middle the process ended is never sent again: %s',
  async (_case, kind) => {
    const url = await newLink('preferences');
    await browse.post(url, { stop: 'advertising', receipt: 'mail' });
    const { mail } = edge.played;
    const before = mail.mails().length;
    if (kind !== undefined) mail.faults.add({ kind });
    const told: string[] = [];
    const task = dutyMails(edge.person, dying(mail.url), ({ state }) => told.push(state));
    await expect(task.run(edge.person.clock())).rejects.toThrow('the process ends here');
    expect(mail.mails().length).toBe(before + 1);
    const stateNow = async () => {
      const [row] = await db().query<{ state: string; answer: string | null; decided: boolean }>(
        `select state, answer, decision_id is not null as decided from permissions.duty_mail
       order by asked_at desc limit 1`,
      );
      return row;
    };
    // Another process leaves it alone while it may still be under way, and then says what it knows.
    expect(await edge.sendMails()).toEqual([]);
    expect(await stateNow()).toEqual({ state: 'sending', answer: null, decided: true });
    try {
      edge.pagesClock.ahead = HOUR;
      expect(await edge.sendMails()).toEqual(['unknown process_ended']);
      expect(await stateNow()).toEqual({
        state: 'unknown',
        answer: 'process_ended',
        decided: true,
      });
      edge.pagesClock.ahead = 2 * HOUR;
      expect(await edge.sendMails()).toEqual([]);
    } finally {
      edge.pagesClock.ahead = 0;
    }
    expect(mail.mails().length).toBe(before + 1);
  },
);

describe('a confirmed wish', () => {
  const seen = new Set<string>();
  /** Somebody who stopped all advertising, and has the link of a confirmation. */
  async function asked() {
    const page = await newLink('preferences');
    await browse.post(page, { stop: 'advertising' });
    await browse.post(page, { allow: 'info_product|email', to: '0' });
    await edge.sendMails();
    const link = edge.played.mail
      .mails()
      .flatMap(({ text }) => linksIn(text))
      .filter((one) => one.includes('/p/confirm/') && !seen.has(one))[0];
    seen.add(link ?? '');
    const token = /\/p\/confirm\/([\w-]+)/.exec(link ?? '')?.[1] ?? '';
    const found = await findConfirmation(edge.person, token);
    if (link === undefined || found === undefined) throw new Error('no confirmation was sent');
    const allowed = async () => allowedOn(await browse.get(page));
    return { link, found, allowed };
  }

  const ending = (when: 'before' | 'amid' | 'after'): PersonPorts => ({
    ...edge.person,
    intake: {
      async ingest(events) {
        if (when === 'after') await edge.person.intake.ingest(events);
        // As where intake halved the batch, and the process ended between the halves.
        if (when === 'amid') await edge.person.intake.ingest(events.slice(0, events.length >> 1));
        throw new Error('the process ends here');
      },
    },
  });

  const takeUp = async (ahead: number) => {
    edge.pagesClock.ahead = ahead;
    try {
      return await confirmedWishes(edge.person).run(edge.person.clock());
    } finally {
      edge.pagesClock.ahead = 0;
    }
  };

  const grantsOf = (id: string) =>
    db().query(
      `select from permissions.ledger where subject_id = $1 and act = 'granted' and body -> 'evidence' ->> 'form' = 'confirmation-page'`,
      [id],
    );

  it.each(['before', 'amid', 'after'] as const)(
    'whose process ended %s its events were taken is carried out once, by the clock',
    async (when) => {
      const { found, allowed } = await asked();
      const stopped = await allowed();
      await expect(useConfirmation(ending(when), found)).rejects.toThrow('the process ends here');
      // Control: nobody takes it up before its time, and without that a press would be lost.
      expect(await takeUp(0)).toBe(0);
      expect((await allowed()) - stopped).toBe(when === 'after' ? 1 : 0);
      expect(await takeUp(2 * MINUTE)).toBe(1);
      expect((await allowed()) - stopped).toBe(1);
      expect(await grantsOf(found.subjectId)).toHaveLength(1);
      expect(await takeUp(DAY)).toBe(0);
    },
  );

  it('whose contact point was let go meanwhile ends', async () => {
    const { found } = await asked();
    await expect(useConfirmation(ending('before'), found)).rejects.toThrow('the process ends here');
    await db().query(`update permissions.contact_point set sealed = '' where subject_id = $1`, [
      found.subjectId,
    ]);
    expect(await takeUp(2 * MINUTE)).toBe(1);
    expect(await takeUp(DAY)).toBe(0);
    expect(await grantsOf(found.subjectId)).toEqual([]);
  });

  it('whose events were parked is shown as not in force, and waits', async () => {
    const { link, found, allowed } = await asked();
    const stopped = await allowed();
    await db().query(
      `update permissions.page_confirmation set wish = jsonb_set(wish, '{policy}', '"gone@9"') where id = $1`,
      [found.id],
    );
    const done = await browse.post(link, { confirm: 'yes' });
    expect(done.status).toBe(200);
    expect(done.text).toContain('It is not in force yet');
    expect(await allowed()).toBe(stopped);
    expect(await takeUp(2 * HOUR)).toBe(1);
    expect(await takeUp(2 * HOUR)).toBe(0);
    expect((await browse.post(link, { confirm: 'yes' })).text).toContain('It is not in force yet');
  });
});
