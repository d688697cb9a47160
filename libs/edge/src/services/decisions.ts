import { type Identity, namedAs } from '@kyoka/access';
import type { DecisionAnswer, DecisionRequest } from '@kyoka/contracts';
import type { Use } from '@kyoka/decision';
import {
  type Clock,
  type Instant,
  KyokaError,
  MINUTE,
  parseInstant,
  tokyoDay,
} from '@kyoka/kernel';
import {
  type AddressOf,
  decideStored,
  loadRecipient,
  type StoredDecision,
  type StoredQuestion,
} from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { inTransaction, type Pool, type Queryable } from '@kyoka/postgres';
import { findAudience } from '@kyoka/release';
import { countDecisions, inSpan } from '@kyoka/telemetry';
import type { Vault } from '@kyoka/vault';
import type { DecisionsPort } from '../ports.js';
import { policiesInForce } from './policies-in-force.js';
import { subjectQuery } from './subject-query.js';

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

/** Decisions from stored facts, under today's policies and recipients; the acting user is the caller. */
export function decisionsService(context: DecisionsContext): DecisionsPort {
  return {
    decide(requests, caller) {
      const now = context.clock();
      for (const request of requests) requireNow(request, now);
      return inSpan('decision', { persons: requests.length }, async () => {
        const decided = await inTransaction(context.permissions, async (tx) => {
          const set = await policiesInForce(tx, context.policies);
          const questions = await questionsOf(tx, requests, caller, context);
          return decideStored(tx, set, questions, now);
        });
        countDecisions(
          'api',
          decided.map(({ decision }) => decision),
        );
        return requests.map((request, index) =>
          answerOf(request, decided[index] as StoredDecision, caller),
        );
      });
    },
  };
}

/** Registers hold what stands now, so only now can be answered. */
function requireNow({ at }: DecisionRequest, now: Instant): void {
  if (at === undefined || Math.abs((parseInstant(at) ?? now) - now) <= CLOCK_SKEW_MS) return;
  throw new KyokaError('bad_input', 'Only the present moment can be answered', {
    faults: [
      {
        field: 'at',
        expected: 'left out, or the present moment: the past and the future are not answered',
      },
    ],
  });
}

async function questionsOf(
  tx: Queryable,
  requests: readonly DecisionRequest[],
  caller: Identity,
  context: DecisionsContext,
): Promise<StoredQuestion[]> {
  const recipients = remembering((id: string) => loadRecipient(tx, id, context.addressOf));
  const uses = remembering((id: string) => useOf(tx, id));
  const questions: StoredQuestion[] = [];
  for (const { subject, policy, request, record } of requests) {
    const { purpose, channel, contentOwner = 'own', recipient, audience } = request;
    questions.push({
      subject: subjectQuery(subject, context.vault),
      policy,
      request: {
        purpose,
        channel,
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

/** Period and users of a stored audience. One that isn't there gives neither, which refuses. */
async function useOf(tx: Queryable, id: string): Promise<Use> {
  const audience = await findAudience(tx, id);
  return audience === undefined ? {} : { ...audience.period, users: audience.users };
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
  if (!allowed && 'contact' in subject && !scopes.has('subjects:read')) {
    return { ...asked, allowed, reasons: [{ code: 'not_permitted' }], ...recorded };
  }
  return {
    ...asked,
    allowed,
    ...(allowed
      ? { ...(basis && { basis }), ...(source && { source }) }
      : { reasons: decision.reasons.map((reason) => ({ ...reason })) }),
    policy: decision.policy ?? policy,
    evidence: [...evidence],
    ...recorded,
  };
}
