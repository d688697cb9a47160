import type { RunAnswer } from '@kyoka/contracts';
import { DAY, tokyoDay } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import type { Network } from '@kyoka/sandbox';
import { eventually } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from '../edge/harness.js';
import { idOf, member, post } from '../edge/people.js';
import { judge, passesOf } from '../services/judge.js';
import { browsing, linksIn } from './browsing.js';

const NETWORKS = ['google', 'meta'] as const;

let edge: Harness;
let browse: ReturnType<typeof browsing>;

beforeAll(async () => {
  edge = await openHarness();
  browse = browsing(edge);
  for (const path of [`policies/${POLICY}`, 'recipients/google', 'recipients/meta'])
    await edge.switchOn(`/v1/${path}/switch`);
  edge.worker.start();
});
afterAll(() => edge?.close());

/** A member whom both networks hold, alone on the list of each, and who has a link. */
async function known(ref: string) {
  await post(edge.ask, member(ref, [{ kind: 'email', value: `${ref}@mail.example.jp` }]));
  for (const recipient of NETWORKS) {
    const body = {
      name: `${ref} at ${recipient}`,
      recipient,
      purpose: 'ad_matching',
      policy: POLICY,
      segment: { orders: { category: 'skin_care' } },
      use: { from: tokyoDay(Date.now()), to: tokyoDay(Date.now() + DAY), users: ['user:sato'] },
    };
    const defined = await edge.ask('/v1/audiences', { body });
    const path = `/v1/audiences/${String(defined.json()['id'])}/runs`;
    const run = await edge.ask(path, { method: 'POST', headers: { 'idempotency-key': 'first' } });
    await eventually(`the run for ${recipient} ends`, async () => {
      const told = await edge.ask(`${path}/${run.json<RunAnswer>().id}`);
      const { state, waterfall } = told.json<RunAnswer>();
      return state === 'finished' && waterfall.accepted === 1;
    });
  }
  await eventually('both lists hold the person', () =>
    NETWORKS.every((network) => heldAt(network).length === 1),
  );
  const id = await idOf(edge.ask, ref);
  const made = await edge.ask(`/v1/subjects/${id}/page-tokens`, { body: { page: 'preferences' } });
  return { id, url: made.json<{ url: string }>().url };
}

/** Who lies on the lists of each network now, as the sandbox names them. */
const heldAt = (network: Network): string[] =>
  edge.played
    .lists()
    .filter((list) => list.network === network)
    .flatMap(({ members }) => members.map(({ digest }) => digest));

/** What is wrong about a person, by what the networks took and hold. */
const verdict = (id: string, digests: Record<Network, string[]>, before: ReadonlySet<string>) => {
  const passes = (one: string) => passesOf(queryable(edge.summary.audiences), one);
  const evidence = { journal: edge.played.journal.entries(), lists: edge.played.lists(), passes };
  return judge(evidence, [{ subjectId: id, digests, before }]);
};

const count = (text: string, words: string): number => text.split(words).length - 1;

it.each([
  ['every_use', 1],
  // The withdrawal, and the switch for ads that follow behaviour.
  ['advertising', 2],
])(
  'a stop of everything (%s) ends at the networks, and its receipt tells of each until it is confirmed',
  async (stop, acts) => {
    const { id, url } = await known(`holder-${stop}`);
    const digests = { google: heldAt('google'), meta: heldAt('meta') };
    const before = await passesOf(queryable(edge.summary.audiences), id);
    // Control: without a stop the same judge finds them held.
    expect(await verdict(id, digests, before)).toContain('held in the end');

    edge.played.faults.add({ network: 'meta', op: 'remove', kind: '500', count: 100_000 });
    const stopped = await browse.post(url, { stop, receipt: 'mail' });
    expect(stopped.text).toContain('It is stopped');
    await edge.sendMails();
    const [receipt = ''] = linksIn(edge.played.mail.mails()[0]?.text ?? '');

    const held = await eventually('one is confirmed while the other is not', async () => {
      const { text } = await browse.get(receipt);
      const followed = count(text, 'not confirmed yet') === acts;
      if (!followed || count(text, '>removed<') < acts) throw new Error('none is confirmed');
      return text;
    });
    expect(heldAt('google')).toEqual([]);
    expect(heldAt('meta')).toEqual(digests.meta);
    expect(count(held, '>removed<')).toBe(acts);
    expect(held).toMatch(/asked to remove it, not confirmed yet<\/span>\s*to be confirmed by/);

    edge.played.faults.clear();
    const done = await eventually('both are confirmed', async () => {
      const { text } = await browse.get(receipt);
      if (text.includes('not confirmed yet')) throw new Error('one is not confirmed');
      return text;
    });
    expect(count(done, '>removed<')).toBe(NETWORKS.length * acts);
    expect(await verdict(id, digests, before)).toEqual([]);
  },
);

it('the receipt by mail covers every act of its stop, and no stop before it', async () => {
  await post(edge.ask, member('several', [{ kind: 'email', value: 'several@mail.example.jp' }]));
  const id = await idOf(edge.ask, 'several');
  const made = await edge.ask(`/v1/subjects/${id}/page-tokens`, { body: { page: 'preferences' } });
  const { url } = made.json<{ url: string }>();
  await browse.post(url, { stop: 'cell:info_product|email' });
  const fresh = await browse.post(url, { stop: 'advertising', receipt: 'mail' });
  await edge.sendMails();
  const [link = ''] = linksIn(edge.played.mail.mails()[0]?.text ?? '');
  const acts = (text: string) => [...text.matchAll(/id="stop-([\w-]+)"/g)].map(([, act]) => act);
  const shown = acts((await browse.get(link)).text);
  expect(shown.sort()).toEqual(acts(fresh.text).sort());
  expect(shown).toHaveLength(2);
  expect(edge.faults).toEqual([]);
});
