import { type ActName, type Actor, type Identity, recordAct } from '@kyoka/access';
import type { AudienceAnswer, AudienceRequest, RunAnswer } from '@kyoka/contracts';
import { type Clock, formatInstant, isKyokaError, KyokaError } from '@kyoka/kernel';
import type { AddressOf } from '@kyoka/permission-store';
import { type Pool, queryable } from '@kyoka/postgres';
import {
  type Audience,
  defineAudience,
  endAudience,
  findAudience,
  readRun,
  startRun,
  type RecordOf,
} from '@kyoka/release';
import type { AudiencesPort } from '../ports.js';

export interface AudiencesContext {
  /** Under the role `kyoka_audiences`. */
  readonly audiences: Pool;
  readonly addressOf: AddressOf;
  readonly clock: Clock;
  /** Tells the worker that there is a run to build or an audience to empty. */
  readonly wake: () => void;
}

/** Audiences and their runs; what a run sends, the worker sends. */
export function audiencesService({
  audiences: pool,
  addressOf,
  clock,
  wake,
}: AudiencesContext): AudiencesPort {
  const read = async (run: string) =>
    (await readRun(queryable(pool), run)) as RunAnswer | undefined;
  const find = async (id: string) => {
    const audience = await findAudience(queryable(pool), id);
    return audience && answerOf(audience);
  };
  const kept =
    (by: Actor, act: ActName): RecordOf =>
    (tx, target) =>
      recordAct(tx, { by, act, target, at: clock() });
  return {
    async define(request, by) {
      const defined = await find(
        await define(pool, request, {
          clock,
          by,
          record: kept(by, 'audience.defined'),
        }),
      );
      if (defined === undefined)
        throw new KyokaError('internal', 'an audience that was defined is not there');
      return defined;
    },
    read: find,
    async run(audience, idempotencyKey, by) {
      const { owner: actor, roles } = by;
      const asked = { actor, roles, idempotencyKey };
      const run = await read(
        await startRun({ pool, addressOf, clock }, audience, asked, (tx, id) =>
          recordAct(tx, {
            by,
            act: 'audience.run',
            target: audience,
            at: clock(),
            detail: { run: id },
          }),
        ),
      );
      wake();
      if (run === undefined)
        throw new KyokaError('internal', 'a run that was started is not there');
      return run;
    },
    async readRun(audience, id) {
      const run = await read(id);
      return run?.audience === audience ? run : undefined;
    },
    async end(id, by) {
      const record = kept(by, 'audience.ended');
      const { endedBy, endedAt } = await endAudience({ pool, clock }, id, by.owner, record);
      wake();
      return { id, endedBy, endedAt: formatInstant(endedAt) };
    },
  };
}

function answerOf(audience: Audience): AudienceAnswer {
  const { id, name, purpose, policy, segment, period, users, cadence } = audience;
  const { nextRunAt, runRefusal, endedAt } = audience;
  return {
    id,
    name,
    recipient: audience.recipientId,
    purpose,
    policy,
    segment,
    use: { ...period, users: [...users] },
    ...(cadence !== undefined && { cadence }),
    ...(nextRunAt !== undefined &&
      endedAt === undefined && { nextRunAt: formatInstant(nextRunAt) }),
    ...(runRefusal && {
      runRefused: { reason: runRefusal.code, at: formatInstant(runRefusal.at) },
    }),
    createdBy: audience.owner,
    createdAt: formatInstant(audience.createdAt),
    ...(endedAt !== undefined && { endedAt: formatInstant(endedAt) }),
  };
}

/** What the request calls differently from the definition. */
const FIELDS: Readonly<Record<string, string>> = {
  'period.from': 'use.from',
  'period.to': 'use.to',
  users: 'use.users',
};

async function define(
  pool: Pool,
  { use: { users, ...period }, ...request }: AudienceRequest,
  {
    clock,
    by: { owner, roles },
    record,
  }: {
    readonly clock: Clock;
    readonly by: Pick<Identity, 'owner' | 'roles'>;
    readonly record: RecordOf;
  },
): Promise<string> {
  try {
    return await defineAudience(
      { pool, clock },
      { ...request, period, users, owner, roles, contentOwner: 'own' },
      record,
    );
  } catch (fault) {
    if (!isKyokaError(fault) || fault.code !== 'bad_input') throw fault;
    throw new KyokaError('bad_input', 'The audience is not well defined', {
      faults: fault.faults.map((one) => ({ ...one, field: FIELDS[one.field] ?? one.field })),
    });
  }
}
