import { AudiencesModule, audiencesServices, databaseAnswers, HealthModule } from '@kyoka/edge';
import { queryable } from '@kyoka/postgres';
import { releaseChainReader } from '@kyoka/release';
import {
  accessOf,
  areAllNearby,
  awaitStopJournal,
  openEdge,
  openNetworks,
  openProducer,
  openServiceBase,
  type RunningProcess,
  startCheckpoints,
  startFigures,
  startOutbox,
  startWorker,
  watchPolicies,
  withNamedNetworks,
} from '@kyoka/runtime';

/** Runs audiences and carries removals out, under the role `kyoka_audiences` alone. */
export async function start(running: RunningProcess): Promise<void> {
  const { settings, clock } = running;
  const base = await openServiceBase(running, { role: 'audiences', dbRole: 'kyoka_audiences' });
  const { pool, url, vault, policies, writer } = base;
  const db = queryable(pool);
  const reached = withNamedNetworks(settings);
  const { connectors, addresses } = openNetworks(reached, undefined, running);
  const kafka = await openProducer(running, writer);
  startOutbox({ schema: 'audiences', pool }, { producer: kafka, inProcess: false }, running);
  await startCheckpoints(
    settings,
    { chains: releaseChainReader(db), vault, writer, kafka },
    running,
  );

  await awaitStopJournal(settings, pool, running);
  const addressOf = (network: string | null) => addresses.get(network ?? '');
  const worker = startWorker(
    { pool, url, vault, policies, connectors, addressOf, played: areAllNearby(reached) },
    running,
  );
  startFigures({ context: 'audiences', pool }, running);
  const services = audiencesServices({
    audiences: pool,
    vault,
    policies,
    inForce: await watchPolicies(pool, policies, running),
    addressOf,
    clock,
    wake: () => worker.wake(),
  });
  const roles = [
    AudiencesModule.with(services),
    HealthModule.with({ database: databaseAnswers(db), schema: base.schemaHolds }),
  ];
  await openEdge(
    settings,
    { roles, access: accessOf(settings, { pool, vault }, running) },
    running,
  );
}
