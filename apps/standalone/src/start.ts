import type { Settings } from '@kyoka/config';
import { readSummary, renderSummary } from '@kyoka/edge';
import type { Clock, KyokaError } from '@kyoka/kernel';
import type { Log } from '@kyoka/logging';
import { readPolicySet } from '@kyoka/permission-store';
import { lockFolder } from '@kyoka/postgres';
import { makeToken, OWNER, TOKEN_DAYS } from './access.js';
import type { Closing } from './closing.js';
import { isFresh, openStore } from './database.js';
import { openStopJournal, startCheckpoints } from './evidence.js';
import { openNetworks } from './networks.js';
import { startParkedTerm } from './parked.js';
import { bringSample, planOf } from './sample/first-run.js';
import { writePlan } from './sample/plan.js';
import type { Screen } from './screen.js';
import { startService } from './service.js';
import { openTransport, startOutboxes } from './transport.js';

export interface StartOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly closing: Closing;
  readonly log: Log;
  readonly screen: Screen;
  /** Whether to make another token although there is one. */
  readonly newToken: boolean;
  /** Called when something ends that the process can't go on without. */
  readonly onFatal: (fault: KyokaError | 'database_lost') => void;
}

/** Brings everything up, the sample's first run included, and returns with the service running. */
export async function start(options: StartOptions): Promise<void> {
  const { settings, clock, closing, log, screen, onFatal } = options;
  const policies = await readPolicySet(settings.deployDir);
  const lock = await lockFolder(settings.dataDir);
  closing.add('lock', () => lock.release());
  const fresh = await isFresh(settings);
  const plan = await planOf(settings, { fresh, clock });

  const store = await screen.step('database', (progress) =>
    openStore(settings, { fresh, closing, log, progress }),
  );
  void store.ended.then(() => onFatal('database_lost'));
  const journal = await openStopJournal(settings, { store, clock, closing, log });
  const networks = await openNetworks(settings, { vault: store.vault, clock, closing });
  const transport = await openTransport(settings, { closing, onFatal });
  const pools = { permissions: store.permissions, audiences: store.audiences };
  const service = await screen.step('service', async (progress) => {
    startOutboxes(transport, { pools, clock, closing, log });
    startParkedTerm(settings, { store, clock, closing, log });
    const kafka = transport.inProcess ? undefined : transport.producer;
    await startCheckpoints(settings, { store, clock, closing, log, kafka });
    const parts = { store, policies, journal, networks, transport, clock, closing, log };
    const started = await startService(settings, parts);
    progress.result(started.url);
    return started;
  });
  log.info('listening', { port: Number(new URL(service.url).port) });

  const token =
    options.newToken || !plan.finished || !(await service.tokens.anyValid())
      ? await makeToken(service.tokens)
      : undefined;
  const parts = { store, networks, transport, service, clock, screen };
  const done =
    plan.finished || token === undefined
      ? plan
      : await bringSample(plan, { owner: OWNER, token, dataDir: settings.dataDir }, parts);

  const addressOf = (network: string | null) => networks.addresses.get(network ?? '');
  const summary = await readSummary(
    { ...pools, policies, addressOf, clock },
    { ...done.told, url: service.url },
  );
  screen.say(`\n${renderSummary(summary)}`);
  if (token !== undefined) {
    screen.say(
      `\nToken of ${OWNER}, valid for ${TOKEN_DAYS} days, shown this once:\n\n  export KYOKA_TOKEN=${token}`,
    );
    if (options.newToken) screen.say('\nTokens made before stay valid until their own end.');
  }
  // After the token was shown: a start that is killed before makes another.
  if (!plan.finished) await writePlan(settings.dataDir, { ...done, finished: true });
  screen.say(`\nServing on ${service.url}. Ctrl-C stops.`);
}
