import { MINUTE, type Clock } from '@kyoka/kernel';
import type { Settings } from '@kyoka/config';
import { sampleCompany } from '@kyoka/sample';
import type { Store } from '../database.js';
import type { Networks, Transport } from '@kyoka/runtime';
import type { Screen } from '../screen.js';
import type { Service } from '../service.js';
import { addTold, NOTHING_TOLD, UNKEPT } from '../told.js';
import { feed } from './feed.js';
import { type Api, openApi } from './http.js';
import { readPlan, type SamplePlan, writePlan } from './plan.js';
import { runSampleAudiences } from './run-audiences.js';
import { untilSettled } from './settled.js';
import { suspendOne } from './suspend-one.js';
import { switchSampleOn } from './switch-on.js';

export interface SampleParts {
  readonly store: Store;
  readonly networks: Networks;
  readonly transport: Transport;
  readonly service: Service;
  readonly clock: Clock;
  readonly screen: Screen;
}

const number = new Intl.NumberFormat('en');
const FEED_WITHIN_MS = 10 * MINUTE;

/**
 * What the first run is to do: what an earlier, killed start has left to do, or everything. Where
 * there is data of somebody else already, nothing.
 */
export async function planOf(
  settings: Settings,
  { fresh, clock }: { fresh: boolean; clock: Clock },
): Promise<SamplePlan> {
  const left = await readPlan(settings.dataDir);
  if (left !== undefined) return left;
  const { sampleSeed: seed, samplePeople: people } = settings;
  const finished = people === 0 || !fresh;
  const plan = { seed, people, now: clock(), fed: 0, told: NOTHING_TOLD, finished };
  await writePlan(settings.dataDir, plan);
  return plan;
}

/**
 * Brings the sample company through the main job, by the same doors as everybody: events in, audiences
 * built and sent, one person suspended, the removals confirmed. Every step may be repeated, so a start
 * that was killed is taken up by the next. The caller writes the plan as finished, once it has told
 * what came of it.
 *
 * @param token a token of `owner`
 * @returns the plan as it stands at the end
 */
export async function bringSample(
  plan: SamplePlan,
  { owner, token, dataDir }: { owner: string; token: string; dataDir: string },
  parts: SampleParts,
): Promise<SamplePlan> {
  const { store, networks, service, clock, screen } = parts;
  const api = openApi(service.url, token);
  const { played } = networks;
  await screen.step('policy and recipients', async (progress) => {
    const addresses = [...networks.addresses].filter(([name]) => played.has(name));
    await switchSampleOn({ audiences: store.audiences, clock, played: new Map(addresses) });
    await service.refreshPolicies();
    progress.result('switched on by two sample people');
  });
  const fed = await feedAll(plan, dataDir, api, parts);
  await screen.step('audiences', (progress) =>
    runSampleAudiences(
      { now: plan.now, owner, played },
      { api, audiences: store.audiences, progress },
    ),
  );
  if (played.size > 0) {
    await screen.step('suspension of one person', (progress) => suspendOne(api, progress));
  }
  return fed;
}

async function feedAll(
  plan: SamplePlan,
  dataDir: string,
  api: Api,
  { store, transport, service, clock, screen }: SampleParts,
): Promise<SamplePlan> {
  const company = sampleCompany(plan);
  const total = company.events.length;
  let current = plan;
  await screen.step('events of a store and its malls', async (progress) => {
    const before = service.told();
    const base = plan.told;
    let overHttp = NOTHING_TOLD;
    /** What the topics brought since the feed began, beside what HTTP answered. */
    const keep = async (fed: number): Promise<void> => {
      const now = service.told();
      const brought = Object.fromEntries(UNKEPT.map((name) => [name, now[name] - before[name]]));
      current = { ...current, fed, told: addTold(addTold(base, overHttp), brought) };
      await writePlan(dataDir, current);
    };
    const { permissions, vault } = store;
    const ports = { permissions, vault, producer: transport.producer, api, clock };
    await feed(company, plan.fed, ports, async (fed, posted) => {
      overHttp = addTold(overHttp, posted);
      await keep(fed);
      progress.at(`${number.format(fed)} of ${number.format(total)}`);
    });
    await untilSettled(transport.lag, (lag) => lag === 0, {
      withinMs: FEED_WITHIN_MS,
      onAnswer: (lag) => progress.at(`${number.format(lag)} left in the topics`),
    });
    await keep(total);
    progress.result(number.format(total));
  });
  return current;
}
