import { type Clock, formatInstant, type Instant } from '@kyoka/kernel';
import type { AddressOf } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { type Pool, queryable } from '@kyoka/postgres';
import { readAudiences } from '../summary/audiences.js';
import { readEvents } from '../summary/events.js';
import { oldestFigure } from '../summary/figures.js';
import { readPeople } from '../summary/people.js';
import { readEvidence, readSwitches } from '../summary/read-summary.js';
import { readStopsSummary } from '../summary/stops.js';
import type { ConsolePort } from './ports.js';
import { readAudienceDetail } from './read/audience.js';
import { decideUses } from './read/person.js';
import { readNames } from './read/names.js';
import { readPolicies } from './read/policies.js';
import { remembered } from './read/remembered.js';
import { countOpenRemovals, listOverdue } from './read/removals.js';
import { listStops, readStop } from './read/stops.js';

export interface ConsoleContext {
  /** A pool under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  /** A pool under the role `kyoka_audiences`. */
  readonly audiences: Pool;
  readonly policies: PolicySet;
  readonly addressOf: AddressOf;
  readonly clock: Clock;
}

/** How long what was counted is shown, at least. */
const PULSE_MS = 2_000;
const PEOPLE_MS = 30_000;
const RECORDS_MS = 30_000;

const STOPS_SHOWN = 50;
const OVERDUE_SHOWN = 200;

const earlier = (one: Instant | undefined, other: Instant | undefined): Instant | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);

/** What the pages of the company's people read. What costs with the number of people is remembered. */
export function consoleService(context: ConsoleContext): ConsolePort {
  const { clock, policies, addressOf } = context;
  const permissions = queryable(context.permissions);
  const audiences = queryable(context.audiences);

  const pulse = remembered(
    async () => ({
      events: await readEvents(permissions, {}),
      audiences: await readAudiences(audiences),
      stops: await readStopsSummary(context),
      removals: await countOpenRemovals(audiences),
      countedAt: earlier(
        await oldestFigure(permissions, 'permissions'),
        await oldestFigure(audiences, 'audiences'),
      ),
    }),
    { everyMs: PULSE_MS, clock },
  );
  const people = remembered(() => readPeople(permissions, policies, addressOf, clock()), {
    everyMs: PEOPLE_MS,
    clock,
  });
  const records = remembered(
    async () => ({
      switches: await readSwitches(context.audiences),
      evidence: await readEvidence(permissions, audiences),
    }),
    { everyMs: RECORDS_MS, clock },
  );
  const names = remembered(() => readNames(permissions, policies), {
    everyMs: RECORDS_MS,
    clock,
  });
  return {
    async overview() {
      const { switches, evidence } = (await records()).value;
      return { pulse: await pulse(), people: await people(), switches, evidence };
    },
    audience: (id) => readAudienceDetail(audiences, id),
    stops: (after) => listStops(context, { after, limit: STOPS_SHOWN }),
    stop: (id) => readStop(context, id),
    overdue: () => listOverdue(audiences, OVERDUE_SHOWN),
    uses: (subject) => decideUses(permissions, subject, { policies, addressOf, at: clock() }),
    policies: () => readPolicies(permissions, policies),
    names: async () => (await names()).value,
    now: () => formatInstant(clock()),
  };
}
