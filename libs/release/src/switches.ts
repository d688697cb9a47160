import { formatInstant, type Instant, KyokaError } from '@kyoka/kernel';
import { takeBarrier } from '@kyoka/permission-store';
import type { PolicyFile } from '@kyoka/policy';
import { inTransaction, queryable, type Queryable, type Pool } from '@kyoka/postgres';
import { keepPolicyVersion, requireSameFile } from './tables/policy-version-table.js';
import { findRecipient, type Recipient } from './tables/recipient-table.js';
import {
  insertSwitchAct,
  latestSwitchActs,
  lockSwitch,
  type NewSwitchAct,
  type SwitchAct,
  type SwitchTarget,
} from './tables/switch-table.js';

/** One act on a switch. */
export type SwitchChange =
  | { readonly act: 'request_on'; readonly reason: string }
  /** `request` is the `pending.request` that the approver has seen. */
  | { readonly act: 'approve_on'; readonly request: string }
  | { readonly act: 'off'; readonly reason: string };

/** Who acts on a switch. */
export interface WhoSwitches {
  /** The owner of the credential. */
  readonly by: string;
  /** Everybody who stands behind it: who made it, and who made what it was made with. */
  readonly standingBehind?: readonly string[];
  /** The configured address and account of the recipient's network, if it has one. */
  readonly destination?: string | undefined;
  /** Of a policy version: the file that would go live. The switch is bound to its hash. */
  readonly file?: PolicyFile;
  /** Called under the lock before something is switched on; it refuses by throwing. */
  readonly check?: (tx: Queryable) => Promise<void>;
  readonly at: Instant;
  /** Keeps the act, in its transaction. */
  readonly record?: (
    tx: Queryable,
    act: SwitchAct['act'],
    before: SwitchAct | undefined,
  ) => Promise<void>;
}

/** How a switch stands. Moments are ISO 8601 in UTC. */
export interface SwitchState {
  readonly id: string;
  readonly state: 'on' | 'off';
  readonly changedAt?: string;
  readonly requestedBy?: string;
  readonly approvedBy?: string;
  readonly pending?: {
    readonly request: string;
    readonly requestedBy: string;
    readonly requestedAt: string;
  };
}

/**
 * One act on a switch (design §2.9): a request to switch on, another owner's approval of it, or
 * switching off, which one person may. It is bound to the address and account at which the
 * recipient's network is reached now: at another it counts as off. Switching off what is off does nothing.
 *
 * @throws KyokaError `not_found` for an unknown recipient; `not_permitted` when the approver is who
 *   asked, or a credential of either passed through the other's hands; `conflict` when it is on already, another request or none stands, the destination has
 *   changed, or no `party` is registered that records of provision could name
 */
export function changeSwitch(
  pool: Pool,
  target: SwitchTarget,
  change: SwitchChange,
  who: WhoSwitches,
): Promise<SwitchState> {
  return inTransaction(pool, async (tx) => {
    await lockSwitch(tx, target);
    if (target.target === 'recipient') await checkRecipient(tx, target.id, change);
    const [last] = await latestSwitchActs(tx, target);
    if (target.target === 'policy' && change.act === 'request_on' && last?.act === 'approved') {
      throw new KyokaError('conflict', 'it is switched on already');
    }
    const next = actOf(change, last, {
      ...who,
      ...(who.file && { destination: who.file.sha256 }),
    });
    if (next !== undefined && next.act !== 'off') {
      if (who.file) await requireSameFile(tx, target.id, who.file);
      await who.check?.(tx);
    }
    if (next !== undefined) {
      await insertSwitchAct(tx, target, next, who.at);
      if (next.act === 'approved' && who.file) {
        await keepPolicyVersion(tx, target.id, who.file, who.at);
      }
      await who.record?.(tx, next.act, last);
    }
    const state = await stateOf(tx, target);
    // Once it is off, no release commits that was decided while it was on.
    if (next?.act === 'off') await takeBarrier(tx, 'exclusive');
    return state;
  });
}

/** How a switch stands. The destination that it holds for is the decision's to compare. */
export function readSwitch(pool: Pool, target: SwitchTarget): Promise<SwitchState> {
  return stateOf(queryable(pool), target);
}

/** What is provided on these bases is recorded with whom it went to (APPI art. 29; none for art. 27(5)). */
const RECORDED = new Set<Recipient['basis']>(['consent', 'opt_out_filed']);

async function checkRecipient(tx: Queryable, id: string, change: SwitchChange): Promise<void> {
  const recipient = await findRecipient(tx, id);
  if (recipient === undefined) throw new KyokaError('not_found', 'no such recipient');
  if (change.act !== 'request_on' || recipient.party !== undefined) return;
  if (RECORDED.has(recipient.basis)) {
    throw new KyokaError('conflict', 'register the party that a record of provision has to name', {
      faults: [{ field: 'party', expected: 'name, address and representative of the recipient' }],
    });
  }
}

function actOf(
  change: SwitchChange,
  last: SwitchAct | undefined,
  { by, standingBehind = [by], ...where }: WhoSwitches,
): NewSwitchAct | undefined {
  const who = { by, standingBehind };
  const destination = where.destination ?? null;
  switch (change.act) {
    case 'request_on':
      if (last?.act === 'approved' && last.destination === destination) {
        throw new KyokaError('conflict', 'it is switched on already');
      }
      return { act: 'requested', request: null, ...who, reason: change.reason, destination };
    case 'approve_on':
      if (last?.act !== 'requested' || last.id !== change.request) {
        throw new KyokaError('conflict', 'this request does not stand');
      }
      if ([last.by, ...last.standingBehind].some((one) => standingBehind.includes(one)))
        throw new KyokaError('not_permitted', 'switching on takes a second person');
      if (last.destination !== destination) {
        throw new KyokaError(
          'conflict',
          'the address or account, or the file of the policy, has changed since it was asked for',
        );
      }
      return { act: 'approved', request: last.id, ...who, reason: null, destination };
    case 'off':
      return last === undefined || last.act === 'off'
        ? undefined
        : { act: 'off', request: null, ...who, reason: change.reason, destination: null };
  }
}

async function stateOf(db: Queryable, target: SwitchTarget): Promise<SwitchState> {
  const [last, before] = await latestSwitchActs(db, target);
  if (last === undefined) return { id: target.id, state: 'off' };
  const changedAt = formatInstant(last.at);
  switch (last.act) {
    case 'off':
      return { id: target.id, state: 'off', changedAt };
    case 'requested':
      return {
        id: target.id,
        state: 'off',
        pending: { request: last.id, requestedBy: last.by, requestedAt: changedAt },
      };
    case 'approved':
      return {
        id: target.id,
        state: 'on',
        changedAt,
        approvedBy: last.by,
        ...(before && { requestedBy: before.by }),
      };
  }
}
