import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccess } from '@kyoka/access';
import type { DecisionAnswer } from '@kyoka/contracts';
import type { DecisionQuestion } from '@kyoka/decision';
import { createEdge, createServices, PermissionsModule, PoliciesInForce } from '@kyoka/edge';
import { openJournal } from '@kyoka/evidence';
import { DAY, type Instant } from '@kyoka/kernel';
import type { PolicySet } from '@kyoka/policy';
import { type Pool, queryable } from '@kyoka/postgres';
import { defineAudience } from '@kyoka/release';
import { openVault } from '@kyoka/vault';
import { askingAt } from '../edge/asking.js';
import { bothSwitchOn } from '../release/harness/index.js';
import type { RecipientRegister } from './recipient-register.js';

/** `POST /v1/decisions:batch` of a real HTTP server over a database that others fill. */
export interface DecisionsEdge {
  /** The answers about these people, in their order; `undefined`: the question can't be put over HTTP. */
  ask(
    question: DecisionQuestion,
    subjectIds: readonly string[],
  ): Promise<DecisionAnswer[] | undefined>;
  close(): Promise<void>;
}

interface Stores {
  readonly permissions: Pool;
  readonly audiences: Pool;
  readonly recipients: RecipientRegister;
}

const TERMS = {
  hours: 10,
  idleMinutes: 60,
  tokenDays: 90,
  quotaPerMinute: 600_000,
};

/** Every policy of the set is in force, and the clock stands. */
export async function openDecisionsEdge(
  { permissions, audiences, recipients }: Stores,
  set: PolicySet,
  now: Instant,
): Promise<DecisionsEdge> {
  const clock = () => now;
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-everybody-'));
  const vault = await openVault({ keyDir: join(folder, 'keys'), create: true });
  const journal = await openJournal({ dir: join(folder, 'journal'), writer: 'test' });
  for (const id of set.policies.keys()) await bothSwitchOn(audiences, { target: 'policy', id });
  const services = createServices({
    permissions,
    audiences,
    vault,
    policies: set,
    inForce: new PoliciesInForce(queryable(permissions), set),
    intake: { journal, journalWriter: 'test' },
    addressOf: () => undefined,
    clock,
    wake: () => undefined,
    pages: {
      publicUrl: () => 'http://127.0.0.1',
      terms: { preferencesMs: DAY, oneClickMs: DAY, confirmationMs: DAY },
      mailing: false,
      wakeMails: () => undefined,
    },
  });
  const access = openAccess(permissions, { vault, clock, terms: TERMS, provider: undefined });
  const faults: unknown[] = [];
  const app = await createEdge({
    roles: [PermissionsModule.with(services)],
    access,
    logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
    maxBodyBytes: 8 * 1024 * 1024,
    onFault: (fault) => faults.push(fault),
  });
  await app.listen(0, '127.0.0.1');
  const post = askingAt(await app.getUrl(), '');

  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (owner: string): Promise<string> => {
    const made = tokens.get(owner) ?? access.tokens.create({ owner, validForMs: DAY });
    tokens.set(owner, made);
    return made;
  };
  const uses = new Map<string, Promise<string>>();
  const audienceWith = (use: StorableUse): Promise<string> => {
    const key = JSON.stringify(use);
    const { from, to, users } = use;
    const made =
      uses.get(key) ??
      defineAudience(
        { pool: audiences, clock },
        {
          name: 'a use',
          segment: { orders: { category: 'nothing' } },
          policy: 'almado@1',
          purpose: 'ad_matching',
          contentOwner: 'own',
          recipient: 'of-the-use',
          period: { from, to },
          users,
          owner: 'user:sato',
        },
      );
    uses.set(key, made);
    return made;
  };
  await recipients.set({ id: 'of-the-use', kind: 'other', items: [], enabled: false });

  return {
    async ask(question, subjectIds) {
      const { purpose, channel, contentOwner, recipient, actor, use, ...more } = question.request;
      const storable = Object.keys(more).length === 0 && isRegistrable(question, recipients);
      if (!storable || channel === undefined || use === undefined) return undefined;
      if (!isEmpty(use) && !isStorable(use)) return undefined;
      if (question.recipient !== undefined) await recipients.set(question.recipient);
      const request = {
        purpose,
        channel,
        contentOwner,
        recipient,
        audience: isStorable(use) ? await audienceWith(use) : randomUUID(),
      };
      const cases = subjectIds.map((id) => ({
        id,
        policy: question.policy,
        subject: { id },
        request,
      }));
      const token = await tokenOf(actor ?? '');
      const answer = await post('/v1/decisions:batch', { body: { cases }, token });
      if (answer.status !== 200)
        throw new Error(`${answer.status} ${answer.text}`, { cause: faults });
      return answer.json<{ decisions: DecisionAnswer[] }>().decisions;
    },
    async close() {
      await app.close();
      await journal.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Use = NonNullable<DecisionQuestion['request']['use']>;
type StorableUse = {
  readonly from: string;
  readonly to: string;
  readonly users: readonly string[];
};

const isEmpty = (use: Use): boolean => Object.keys(use).length === 0;

const isStorable = (use: Use): use is Use & StorableUse =>
  use.from !== undefined && use.to !== undefined && use.users !== undefined;

/** The register holds one entry an id, so that of another recipient than asked for can't be in it. */
function isRegistrable(
  { request, recipient }: DecisionQuestion,
  recipients: RecipientRegister,
): boolean {
  const registered = recipient === undefined ? undefined : recipient.id;
  if (registered !== undefined) return registered === request.recipient;
  return request.recipient === undefined || !recipients.has(request.recipient);
}
