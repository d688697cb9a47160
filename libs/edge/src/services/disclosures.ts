import { randomUUID } from 'node:crypto';
import {
  type ActName,
  holdCredential,
  type Identity,
  recordAct,
  standingBehind,
} from '@kyoka/access';
import { DISCLOSURES_SHOWN } from '@kyoka/contracts';
import { type DisclosureStanding, disclosureStanding } from '@kyoka/decision';
import { type Clock, formatInstant, type Instant, KyokaError, lastOfTerm } from '@kyoka/kernel';
import {
  appendDisclosureStep,
  type DisclosureStep,
  disclosureSteps,
  disclosureSubject,
  findSubjects,
  isDisclosureFrozen,
  newestDisclosures,
  takeBarrier,
  takeDisclosures,
} from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { inTransaction, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { found } from '../http/found.js';
import type { DisclosuresPort } from '../ports.js';
import {
  bodyOf,
  casesOf,
  disclosureAnswerOf,
  type DisclosureCaseRecord,
  type OpenedBody,
  statedIn,
  stateOf,
} from './disclosure-case.js';
import { openItems } from './hand-over.js';
import { policiesInForce } from './policies-in-force.js';

export interface DisclosuresContext {
  /** Under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  readonly vault: Pick<Vault, 'open' | 'refresh'>;
  /** Every policy of the deployment, switched on or not. */
  readonly policies: PolicySet;
  readonly clock: Clock;
}

/**
 * Exceptional disclosure: data handed to a third party without the person's consent, on a ground of
 * APPI Art. 27(1). Each is a case that one person opens and another approves; nothing else opens or
 * approves one. The hand-over is recorded before a value leaves, and happens once. Locks: credential,
 * subject, ends of the chains, barrier.
 */
export function disclosuresService(context: DisclosuresContext): DisclosuresPort {
  const { permissions: pool, clock } = context;
  const db = queryable(pool);
  return {
    async list({ after }, caller) {
      requireScope(caller);
      const limit = DISCLOSURES_SHOWN;
      const cases = casesOf(await newestDisclosures(db, { after, limit })).sort(byNewest);
      const last = cases.length === limit ? cases.at(-1) : undefined;
      return {
        disclosures: cases.map((one) => disclosureAnswerOf(one, clock())),
        ...(last && { next: last.id }),
      };
    },
    async read(id, caller) {
      requireScope(caller);
      const [record] = casesOf(await disclosureSteps(db, { caseId: id }));
      return record && disclosureAnswerOf(record, clock());
    },
    open: ({ subject, until, ...asked }, by) =>
      inTransaction(pool, async (tx) => {
        await holdCredential(tx, by);
        const at = clock();
        const last = until === undefined ? undefined : lastOfTerm(until, at);
        const [[id] = []] = await findSubjects(tx, [subject]);
        const person = id === undefined ? undefined : await disclosureSubject(tx, id);
        const record = {
          id: randomUUID(),
          subjectId: person === undefined || id === undefined ? null : id,
          openedAt: at,
        };
        const body = { ...asked, ...(last !== undefined && { until: formatInstant(last) }) };
        const standing = await standingOf(tx, context, { ...record, opened: body }, at);
        const opened = { ...body, ...standing, ...whoIs(by) };
        await take(tx, record, 'opened', opened, { by, at });
        return disclosureAnswerOf({ ...record, opened }, at);
      }),
    decide: (id, { approve, reason }, by) =>
      inTransaction(pool, async (tx) => {
        await holdCredential(tx, by);
        const at = clock();
        const record = await holdCase(tx, id);
        const others = [record.opened.by, ...record.opened.standingBehind];
        if (standingBehind(by).some((one) => others.includes(one))) {
          throw new KyokaError('not_permitted', 'A disclosure is decided by a second person');
        }
        requireState(record, 'open', at);
        if (approve) requireStanding(await standingOf(tx, context, record, at));
        const body = { ...whoIs(by), reason };
        await take(tx, record, approve ? 'approved' : 'refused', body, { by, at });
        return disclosureAnswerOf({ ...record, decided: { ...body, approved: approve, at } }, at);
      }),
    handOver: (id, by) =>
      inTransaction(pool, async (tx) => {
        requireScope(by);
        await holdCredential(tx, by);
        const at = clock();
        const record = await holdCase(tx, id);
        if (![record.opened.by, record.decided?.by].includes(by.owner)) {
          throw new KyokaError('not_permitted', 'It is handed to who opened or approved the case');
        }
        requireState(record, 'approved', at);
        requireStanding(await standingOf(tx, context, record, at));
        const { policy, ground, article, party, items } = record.opened;
        const handed = await openItems(tx, context.vault, record.subjectId as string, items);
        const kept = { policy, ground, article, party, items, ...handed.kept };
        await take(tx, record, 'handed_over', { ...whoIs(by), ...kept }, { by, at });
        // A freeze that commits from here on comes after; one that committed meanwhile is seen.
        await takeBarrier(tx, 'shared');
        requireStanding(await standingOf(tx, context, record, at));
        return {
          disclosure: disclosureAnswerOf({ ...record, handedOver: { owner: by.owner, at } }, at),
          ...handed.values,
        };
      }),
  };
}

/** As the pages of the list go on; ids of one moment in the order of their bytes. */
const byNewest = (one: DisclosureCaseRecord, other: DisclosureCaseRecord): number =>
  other.openedAt - one.openedAt || (one.id < other.id ? 1 : -1);

const SCOPES = ['disclosures:write', 'disclosures:approve'] as const;

function requireScope({ scopes }: Pick<Identity, 'scopes'>): void {
  if (SCOPES.some((scope) => scopes.has(scope))) return;
  throw new KyokaError('not_permitted', `One of the scopes ${SCOPES.join(', ')} is missing`, {
    faults: [{ field: 'scope', expected: SCOPES.join(' or ') }],
  });
}

/** A case with its subject locked against an erasure, and no other step of any case under way. */
async function holdCase(tx: Queryable, caseId: string): Promise<DisclosureCaseRecord> {
  const [first] = await disclosureSteps(tx, { caseId });
  if (first?.subjectId) await disclosureSubject(tx, first.subjectId);
  await takeDisclosures(tx);
  return found(casesOf(await disclosureSteps(tx, { caseId }))[0]);
}

async function standingOf(
  tx: Queryable,
  { policies }: DisclosuresContext,
  {
    subjectId,
    opened,
  }: Pick<DisclosureCaseRecord, 'subjectId'> & {
    readonly opened: Omit<OpenedBody, keyof DisclosureStanding | 'by' | 'standingBehind'>;
  },
  at: Instant,
): Promise<DisclosureStanding> {
  const person = subjectId === null ? undefined : await disclosureSubject(tx, subjectId);
  return disclosureStanding(policies, {
    policy: opened.policy,
    inForce: (await policiesInForce(tx, policies)).policies.has(opened.policy),
    ground: opened.ground,
    items: opened.items,
    stated: statedIn(opened),
    ...(opened.until !== undefined && { until: Date.parse(opened.until) }),
    at,
    frozen: await isDisclosureFrozen(tx, person?.sources ?? []),
    ...(person && { subject: person }),
  });
}

function requireState(
  record: DisclosureCaseRecord,
  wanted: ReturnType<typeof stateOf>,
  at: Instant,
): void {
  const state = stateOf(record, at);
  if (state === wanted) return;
  throw new KyokaError('conflict', `The case is ${state}`, {
    faults: [{ field: 'state', expected: wanted }],
  });
}

/** What stood when the case was opened may not any more. */
function requireStanding({ reasons }: DisclosureStanding): void {
  if (reasons.length === 0) return;
  throw new KyokaError('conflict', 'The case does not stand any more', {
    faults: reasons.map(({ code, detail }) => ({ field: code, expected: detail })),
  });
}

const whoIs = (by: Identity) => ({ by: by.owner, standingBehind: standingBehind(by) });

/** Keeps a step in the chain of the cases, and in that of what people did. */
async function take(
  tx: Queryable,
  { id: caseId, subjectId, openedAt }: Pick<DisclosureCaseRecord, 'id' | 'subjectId' | 'openedAt'>,
  step: DisclosureStep['step'],
  body: object,
  { by, at }: { readonly by: Identity; readonly at: Instant },
): Promise<void> {
  const id = randomUUID();
  await appendDisclosureStep(tx, { id, caseId, subjectId, step, openedAt, at, body: bodyOf(body) });
  const act: ActName = `disclosure.${step}`;
  await recordAct(tx, { by, act, target: caseId, at });
}
