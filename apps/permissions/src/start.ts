import { actChainReader } from '@kyoka/access';
import {
  AccessModule,
  databaseAnswers,
  HealthModule,
  PermissionsModule,
  permissionsServices,
  PersonModule,
  PublishedModule,
} from '@kyoka/edge';
import { joinChains } from '@kyoka/evidence';
import { chainReader } from '@kyoka/permission-store';
import { queryable } from '@kyoka/postgres';
import {
  accessOf,
  isSecure,
  networkAddresses,
  openEdge,
  openProducer,
  openServiceBase,
  openStopJournal,
  mailServerOf,
  parkedStopsLog,
  personPages,
  type RunningProcess,
  startCheckpoints,
  startErasures,
  startOutbox,
  startPurges,
  startFigures,
  startTerms,
  watchPolicies,
} from '@kyoka/runtime';

/** Answers what is permitted, takes stops and freezes, and shows people their own pages, under the role `kyoka_permissions` alone. */
export async function start(running: RunningProcess): Promise<void> {
  const { settings, clock, log } = running;
  const base = await openServiceBase(running, { role: 'permissions', dbRole: 'kyoka_permissions' });
  const { pool, vault, policies, writer } = base;
  const db = queryable(pool);
  const journal = await openStopJournal(settings, { pool, writer }, running);
  const kafka = await openProducer(running, writer);
  startOutbox({ schema: 'permissions', pool }, { producer: kafka, inProcess: false }, running);
  const chains = joinChains([chainReader(db), actChainReader(db)]);
  await startCheckpoints(settings, { chains, vault, writer, kafka }, running);
  await startErasures(settings, { pool, vault }, running);
  startPurges(settings, { pool }, running);
  startFigures({ context: 'permissions', pool }, running);

  const inForce = await watchPolicies(pool, policies, running);
  startTerms({ pool, inForce }, running);
  const addresses = networkAddresses(settings);
  const pages = personPages(settings, mailServerOf(settings));
  const services = permissionsServices({
    permissions: pool,
    vault,
    policies,
    inForce,
    intake: { journal, journalWriter: writer, onParkedStops: parkedStopsLog(log) },
    addressOf: (network) => addresses.get(network ?? ''),
    clock,
    // The worker runs elsewhere and hears of a stop from the database.
    wake: () => undefined,
    pages: pages.context,
  });
  const access = accessOf(settings, { pool, vault }, running);
  const roles = [
    AccessModule.with({
      tokens: access.tokens,
      signIn: { ...access.signIn, secure: isSecure(settings) },
    }),
    PermissionsModule.with(services),
    PersonModule.with(services.person),
    PublishedModule.with(services),
    HealthModule.with({ database: databaseAnswers(db), schema: base.schemaHolds }),
  ];
  pages.start(services.person, await openEdge(settings, { roles, access }, running), running);
}
