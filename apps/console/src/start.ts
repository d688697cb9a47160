import {
  AccessModule,
  ConsoleModule,
  consoleServices,
  databaseAnswers,
  HealthModule,
  PublishedModule,
} from '@kyoka/edge';
import { queryable } from '@kyoka/postgres';
import {
  accessOf,
  isSecure,
  networkAddresses,
  openEdge,
  openRole,
  openServiceBase,
  openStopJournal,
  parkedStopsLog,
  type RunningProcess,
  watchPolicies,
} from '@kyoka/runtime';

/**
 * Shows the company's people where things stand. The only service that works under both roles: its pages
 * put people and audiences side by side. What a replay of a parked event tells others, a relay of another
 * service sends.
 */
export async function start(running: RunningProcess): Promise<void> {
  const { settings, clock, log } = running;
  const base = await openServiceBase(running, { role: 'console', dbRole: 'kyoka_permissions' });
  const { pool, url, vault, policies, writer } = base;
  const db = queryable(pool);
  const audiences = await openRole(url, 'kyoka_audiences', running);
  const journal = await openStopJournal(settings, { pool, writer }, running);
  const addresses = networkAddresses(settings);
  const services = consoleServices({
    permissions: pool,
    audiences,
    vault,
    policies,
    inForce: await watchPolicies(pool, policies, running),
    intake: { journal, journalWriter: writer, onParkedStops: parkedStopsLog(log) },
    addressOf: (network) => addresses.get(network ?? ''),
    clock,
  });
  const access = accessOf(settings, { pool, vault }, running);
  const roles = [
    AccessModule.with({
      tokens: access.tokens,
      signIn: { ...access.signIn, secure: isSecure(settings) },
    }),
    ConsoleModule.with({ ...services, tokens: access.tokens, sessions: access.sessions }),
    PublishedModule.with(services),
    HealthModule.with({ database: databaseAnswers(db), schema: base.schemaHolds }),
  ];
  await openEdge(settings, { roles, access }, running);
}
