import { actChainReader } from '@kyoka/access';
import { readSummary, renderSummary, type Summary } from '@kyoka/edge';
import { joinChains } from '@kyoka/evidence';
import { chainReader, readPolicySet } from '@kyoka/permission-store';
import { lockFolder, queryable } from '@kyoka/postgres';
import { releaseChainReader } from '@kyoka/release';
import {
  keepKeysFresh,
  openNetworks,
  openStopJournal,
  openTransport,
  mailServerOf,
  personPages,
  type RunningProcess,
  startCheckpoints,
  startErasures,
  startOutbox,
  startPurges,
  startFigures,
  startParkedTerm,
  takeOverPublishers,
  type Transport,
} from '@kyoka/runtime';
import { makeToken, OWNER, signInLink, TOKEN_DAYS } from './access.js';
import { isFresh, openStore, type Store } from './database.js';
import { bringSample, planOf } from './sample/first-run.js';
import { writePlan } from './sample/plan.js';
import { openSandbox, type OpenedSandbox, SANDBOX_FROM } from './sandbox.js';
import type { Screen } from './screen.js';
import { type Service, startService } from './service.js';
import { WRITER } from './writer.js';

export interface StartOptions {
  readonly screen: Screen;
  /** Whether to make another token although there is one. */
  readonly newToken: boolean;
}

/** Brings everything up, the sample's first run included, and returns with the service running. */
export async function start(
  running: RunningProcess,
  { screen, newToken }: StartOptions,
): Promise<void> {
  const { settings, clock, closing, onFatal } = running;
  const policies = await readPolicySet(settings.deployDir);
  const lock = await lockFolder(settings.dataDir);
  closing.add('lock', () => lock.release());
  const fresh = await isFresh(settings);
  const plan = await planOf(settings, { fresh, clock });

  const store = await screen.step('database', (progress) =>
    openStore(running, { fresh, progress }),
  );
  void store.ended.then(() => onFatal('database_lost'));
  const { permissions, audiences, vault } = store;
  const journal = await openStopJournal(settings, { pool: permissions, writer: WRITER }, running);
  const sandbox = await openSandbox(vault, running);
  const networks = openNetworks(settings, sandbox?.accounts, running);
  const transport = await openTransport(running);
  const service = await screen.step('service', async (progress) => {
    await startBackground(store, transport, running);
    const mailbox = sandbox && { url: sandbox.mail.url, from: settings.mailFrom ?? SANDBOX_FROM };
    const pages = personPages(settings, mailServerOf(settings) ?? mailbox);
    const parts = { store, policies, journal, networks, transport, pages };
    const started = await startService(running, parts);
    progress.result(started.url);
    return started;
  });

  const token =
    newToken || !plan.finished || !(await service.access.tokens.anyValid())
      ? await makeToken(service.access, newToken)
      : undefined;
  const parts = { store, networks, transport, service, clock, screen };
  const done =
    plan.finished || token === undefined
      ? plan
      : await bringSample(plan, { owner: OWNER, token, dataDir: settings.dataDir }, parts);

  const addressOf = (network: string | null) => networks.addresses.get(network ?? '');
  const summary = await readSummary(
    { permissions, audiences, policies, addressOf, clock },
    { ...done.told, url: service.url },
  );
  screen.say(`\n${renderSummary(summary)}`);
  if (token !== undefined) tellToken(screen, token, newToken);
  // After the token was shown: a start that is killed before makes another.
  if (!plan.finished) await writePlan(settings.dataDir, { ...done, finished: true });
  await tellPages(screen, service, summary, sandbox);
  screen.say(`\nServing on ${service.url}. Ctrl-C stops.`);
}

function tellToken(screen: Screen, token: string, earlierRevoked: boolean): void {
  screen.say(
    `\nToken of ${OWNER}, valid for ${TOKEN_DAYS} days, shown this once:\n\n  export KYOKA_TOKEN=${token}`,
  );
  if (earlierRevoked) screen.say(`\nTokens of ${OWNER} made before are revoked.`);
}

async function tellPages(
  screen: Screen,
  service: Service,
  { audiences }: Summary,
  sandbox: OpenedSandbox | undefined,
): Promise<void> {
  const someone = audiences.find((audience) => audience.someone !== undefined)?.someone;
  if (someone !== undefined) {
    const link = await service.personLink(someone);
    screen.say(`\nThe page of a sample person, as they would see it:\n\n  ${link}`);
    if (sandbox !== undefined) screen.say(`\nMail that people get: ${sandbox.mail.pageUrl}`);
  }
  if (!service.access.signIn.hasProvider) {
    const link = await signInLink(service.access, service.url);
    screen.say(`\nTo sign in with a browser, once, within 15 minutes:\n\n  ${link}`);
  }
}

/** What goes on by itself: outboxes, the term of parked originals, checkpoints. */
async function startBackground(
  { permissions, audiences, vault }: Store,
  transport: Transport,
  running: RunningProcess,
): Promise<void> {
  startOutbox({ schema: 'permissions', pool: permissions }, transport, running);
  startOutbox({ schema: 'audiences', pool: audiences }, transport, running);
  await takeOverPublishers({ pool: permissions, vault }, running);
  await startErasures(running.settings, { pool: permissions, vault }, running);
  startPurges(running.settings, { pool: permissions }, running);
  startFigures({ context: 'permissions', pool: permissions }, running);
  startFigures({ context: 'audiences', pool: audiences }, running);
  keepKeysFresh(vault, running);
  startParkedTerm(running.settings, { pool: permissions, vault }, running);
  const chains = joinChains([
    chainReader(queryable(permissions)),
    actChainReader(queryable(permissions)),
    releaseChainReader(queryable(audiences)),
  ]);
  const kafka = transport.inProcess ? undefined : transport.producer;
  await startCheckpoints(running.settings, { chains, vault, writer: WRITER, kafka }, running);
}
