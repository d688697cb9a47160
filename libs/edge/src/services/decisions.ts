import { type Identity, namedAs } from '@kyoka/access';
import { type DecisionAnswer, type DecisionRequest, PAST_MOMENTS_LIMIT } from '@kyoka/contracts';
import type { RecipientFacts, Use } from '@kyoka/decision';
import {
  type Clock,
  formatInstant,
  type Instant,
  KyokaError,
  MINUTE,
  parseInstant,
  tokyoDay,
} from '@kyoka/kernel';
import {
  type AddressOf,
  decideStored,
  decideStoredAt,
  findSubjects,
  loadRecipient,
  loadRecipientAt,
  type StoredDecision,
  type StoredQuestion,
} from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { inTransaction, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { findAudience } from '@kyoka/release';
import { countDecisions, inSpan } from '@kyoka/telemetry';
import type { Vault } from '@kyoka/vault';
import { isRecordId } from '../http/record-id.js';
import type { DecisionsPort } from '../ports.js';
import { type NamedUse, namedUses } from './named-uses.js';
import { policiesInForce, policiesInForceAt } from './policies-in-force.js';
import { readDecision } from './stored-decision.js';
import { subjectQuery } from './subject-query.js';
import { keepLook } from './subjects.js';

/** How far the asker's clock may be off. */
const CLOCK_SKEW_MS = MINUTE;

export interface DecisionsContext {
  /** Under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  readonly policies: PolicySet;
  readonly vault: Pick<Vault, 'token'>;
  readonly addressOf: AddressOf;
  readonly clock: Clock;
}

/**
 * Decisions from stored facts, under the policies and recipients of the moment that is asked for: today's,
 * or, for one in the past, those in force then. The acting user is the caller.
 */
export function decisionsService(context: DecisionsContext): DecisionsPort {
  return {
    read: (id, caller) => readDecision(context, id, caller),
    decide: (requests, caller) =>
      inSpan('decision', { persons: requests.length }, async () => {
        const answers = await answersOf(requests, caller, context);
        countDecisions('api', answers);
        return answers.map(({ answer }) => answer);
      }),
    async decideSubject(id, { at }, caller) {
      const db = queryable(context.permissions);
      const [known = []] = await findSubjects(db, [{ id }]);
      if (known.length === 0) return undefined;
      await keepLook(context, { by: caller, act: 'subject.read' }, [id]);
      const now = context.clock();
      const moment = momentOf({ at }, now);
      const set = await (moment === undefined
        ? policiesInForce(db, context.policies)
        : policiesInForceAt(db, context.policies, moment));
      const uses = namedUses(set);
      const requests = uses.map((use) => ({ ...use, subject: { id }, ...(at && { at }) }));
      const answers = await answersOf(requests, caller, context);
      return {
        id,
        at: formatInstant(moment ?? now),
        ...(moment !== undefined && { historical: true as const }),
        decisions: answers.map(({ answer: { historical: _historical, ...decided } }, index) => ({
          ...(uses[index] as NamedUse).request,
          ...decided,
        })),
      };
    },
  };
}

interface Answered {
  readonly answer: DecisionAnswer;
  readonly allowed: boolean;
  readonly reasons: StoredDecision['decision']['reasons'];
}

/** An answer for each request, in their order, with the reasons that the caller may not be told. */
async function answersOf(
  requests: readonly DecisionRequest[],
  caller: Identity,
  context: DecisionsContext,
): Promise<Answered[]> {
  const now = context.clock();
  const moments = requests.map((request) => momentOf(request, now));
  if (new Set(moments.filter((moment) => moment !== undefined)).size > PAST_MOMENTS_LIMIT) {
    throw new KyokaError('bad_input', 'That is too many moments of the past', {
      faults: [{ field: 'cases', expected: `at most ${PAST_MOMENTS_LIMIT} moments in the past` }],
    });
  }
  return inTransaction(context.permissions, async (tx) => {
    const answers: Answered[] = [];
    for (const [moment, indexes] of Map.groupBy(requests.keys(), (at) => moments[at])) {
      const asked = indexes.map((index) => requests[index] as DecisionRequest);
      const some =
        moment === undefined
          ? await decideNow(tx, asked, caller, now, context)
          : await decideThen(tx, asked, caller, moment, context);
      indexes.forEach((index, place) => {
        const one = some[place] as StoredDecision;
        answers[index] = {
          answer: {
            ...answerOf(requests[index] as DecisionRequest, one, caller),
            ...(moment !== undefined && { historical: true as const }),
          },
          allowed: one.decision.allowed,
          reasons: one.decision.reasons,
        };
      });
    }
    return answers;
  });
}

/** The moment in the past that a request asks for; `undefined`: it asks for now. */
function momentOf(
  { at, record }: Pick<DecisionRequest, 'at' | 'record'>,
  now: Instant,
): Instant | undefined {
  const moment = at === undefined ? now : (parseInstant(at) ?? now);
  if (Math.abs(moment - now) <= CLOCK_SKEW_MS) return undefined;
  if (moment > now) {
    throw new KyokaError('bad_input', 'The future can not be answered', {
      faults: [{ field: 'at', expected: 'left out, the present moment or one in the past' }],
    });
  }
  if (record === true) {
    throw new KyokaError('bad_input', 'Nobody may act on an answer of the past', {
      faults: [{ field: 'record', expected: 'left out with an `at` in the past' }],
    });
  }
  return moment;
}

async function decideNow(
  tx: Queryable,
  requests: readonly DecisionRequest[],
  caller: Identity,
  now: Instant,
  context: DecisionsContext,
): Promise<StoredDecision[]> {
  const set = await policiesInForce(tx, context.policies);
  const questions = await questionsOf(requests, caller, context, {
    recipient: (id) => loadRecipient(tx, id, context.addressOf),
    use: (id) => useOf(tx, id, now),
  });
  return decideStored(tx, set, questions, now);
}

async function decideThen(
  tx: Queryable,
  requests: readonly DecisionRequest[],
  caller: Identity,
  moment: Instant,
  context: DecisionsContext,
): Promise<StoredDecision[]> {
  const set = await policiesInForceAt(tx, context.policies, moment);
  const questions = await questionsOf(requests, caller, context, {
    recipient: (id) => loadRecipientAt(tx, id, context.addressOf, moment),
    use: (id) => useOf(tx, id, moment),
  });
  return decideStoredAt(tx, set, questions, moment);
}

/** How what requests name is read. */
interface Lookups {
  readonly recipient: (id: string) => Promise<RecipientFacts | undefined>;
  readonly use: (id: string) => Promise<Use>;
}

async function questionsOf(
  requests: readonly DecisionRequest[],
  caller: Identity,
  context: DecisionsContext,
  lookups: Lookups,
): Promise<StoredQuestion[]> {
  const recipients = remembering(lookups.recipient);
  const uses = remembering(lookups.use);
  const questions: StoredQuestion[] = [];
  for (const { subject, policy, request = {}, record } of requests) {
    const { purpose, channel, contentOwner = 'own', recipient, audience } = request;
    questions.push({
      ...(subject !== undefined && { subject: subjectQuery(subject, context.vault) }),
      ...(policy !== undefined && { policy }),
      request: {
        ...(purpose !== undefined && { purpose }),
        ...(channel !== undefined && { channel }),
        contentOwner,
        ...(recipient !== undefined && { recipient }),
        actor: caller.owner,
        use: audience === undefined ? ownUse(caller) : namedFor(await uses(audience), caller),
      },
      recipient: recipient === undefined ? undefined : await recipients(recipient),
      ...(record && { record }),
    });
  }
  return questions;
}

/** Period and users of a stored audience, which never change. One that isn't there gives neither, which refuses. */
async function useOf(tx: Queryable, id: string, at: Instant): Promise<Use> {
  const audience = isRecordId(id) ? await findAudience(tx, id) : undefined;
  return audience === undefined || audience.createdAt > at
    ? {}
    : { ...audience.period, users: audience.users };
}

/** An audience that names a role of the caller names the caller. */
function namedFor(use: Use, caller: Identity): Use {
  const { users = [] } = use;
  const isNamed = namedAs(users, caller) !== undefined;
  return isNamed && !users.includes(caller.owner)
    ? { ...use, users: [...users, caller.owner] }
    : use;
}

/** Without a stored audience the use is the token's own. */
function ownUse({ owner, startsAt, endsAt }: Identity): Use {
  return { from: tokyoDay(startsAt), to: tokyoDay(endsAt), users: [owner] };
}

function remembering<T>(load: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (id) => {
    const found = known.get(id) ?? load(id);
    known.set(id, found);
    return found;
  };
}

function answerOf(
  { id, policy, subject }: DecisionRequest,
  { decision, decisionId }: StoredDecision,
  { scopes }: Identity,
): DecisionAnswer {
  const { allowed, basis, source, evidence } = decision;
  const asked = { ...(id !== undefined && { id }) };
  const recorded = { ...(decisionId !== undefined && { decisionId }) };
  // Whoever may not read about people learns of an address neither why nor whether anybody has it.
  const byContact = subject !== undefined && 'contact' in subject;
  if (!allowed && byContact && !scopes.has('subjects:read')) {
    return { ...asked, allowed, reasons: [{ code: 'not_permitted' }], ...recorded };
  }
  return {
    ...asked,
    allowed,
    ...(allowed
      ? { ...(basis && { basis }), ...(source && { source }) }
      : { reasons: decision.reasons.map((reason) => ({ ...reason })) }),
    ...((decision.policy ?? policy) !== undefined && { policy: decision.policy ?? policy }),
    evidence: [...evidence],
    ...recorded,
  };
}
