import { actChainReader } from '@kyoka/access';
import { databaseAnswers, HealthModule, IntakeModule, intakeServices } from '@kyoka/edge';
import { joinChains } from '@kyoka/evidence';
import { chainReader } from '@kyoka/permission-store';
import { queryable } from '@kyoka/postgres';
import {
  inputStrategy,
  openEdge,
  openProducer,
  openServiceBase,
  openStopJournal,
  parkedStopsLog,
  type RunningProcess,
  startCheckpoints,
  startOutbox,
  startParkedTerm,
  statusOf,
  takeOverPublishers,
  watchPolicies,
  accessOf,
} from '@kyoka/runtime';

/** Takes events in from the topics and over HTTP, under the role `kyoka_permissions` alone. */
export async function start(running: RunningProcess): Promise<void> {
  const { settings, clock, log } = running;
  const base = await openServiceBase(running, { role: 'intake', dbRole: 'kyoka_permissions' });
  const { pool, vault, policies, writer } = base;
  const db = queryable(pool);
  const journal = await openStopJournal(settings, { pool, writer }, running);
  const kafka = await openProducer(running, writer);
  startOutbox({ schema: 'permissions', pool }, { producer: kafka, inProcess: false }, running);
  await takeOverPublishers({ pool, vault }, running);
  startParkedTerm(settings, { pool, vault }, running);
  const chains = joinChains([chainReader(db), actChainReader(db)]);
  await startCheckpoints(settings, { chains, vault, writer, kafka }, running);

  const inForce = await watchPolicies(pool, policies, running);
  const services = intakeServices({
    permissions: pool,
    vault,
    clock,
    inForce,
    intake: { journal, journalWriter: writer, onParkedStops: parkedStopsLog(log) },
  });
  const strategy = inputStrategy(running, writer);
  const roles = [
    IntakeModule.with({
      ...services,
      rights: {
        unsigned: new Set(settings.unsignedTopics ?? []),
        plaintext: new Set(settings.plaintextTopics ?? []),
      },
      counted: (topic, counts) => log.debug('events_taken', { topic, counts }),
    }),
    HealthModule.with({
      database: databaseAnswers(db),
      schema: base.schemaHolds,
      transport: statusOf(strategy),
    }),
  ];
  await openEdge(
    settings,
    { roles, access: accessOf(settings, { pool, vault }, running), strategy },
    running,
  );
}
