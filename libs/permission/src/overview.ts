import { ANY, type Instant, type StopKind } from '@kyoka/kernel';
import { outranks } from './proof.js';
import { type ConsentClass, type ConsentRegister, isLater } from './registers.js';
import { type Origin, suppressionsOf } from './standing.js';

/** The standing answer of one cell, as the subject's own acts leave it. */
export interface StandingPermission {
  readonly purpose: string;
  readonly channel: string;
  /** `''` where no recipient is named. */
  readonly recipient: string;
  readonly state: 'granted' | 'withdrawn';
  readonly proof: ConsentClass;
  readonly at: Instant;
  readonly evidenceId: string;
}

export interface StandingStop {
  readonly kind: StopKind;
  readonly purpose: string;
  readonly channel: string;
  /** `''` where no recipient is named. */
  readonly recipient: string;
  readonly at: Instant;
  /** When the whole of its scope was freed; a part of it may be free before. */
  readonly endedAt: Instant | null;
  readonly through: 'own' | 'contact_point';
}

const spans = (scope: string, part: string): boolean => scope === ANY || scope === part;

/**
 * One line per cell that the subject ever acted on. A wider withdrawal covers the cell, and only a
 * later proven grant ends it, as in a decision. Which recipients a group holds is the policy's, so a
 * withdrawal at a group is a line of its own and the group's recipients have theirs.
 */
export function permissionsOf(self: Origin): StandingPermission[] {
  const cells = new Map<string, ConsentRegister>();
  for (const act of self.consents)
    cells.set([act.purpose, act.channel, act.recipient].join('\u0000'), act);
  return [...cells.values()]
    .map(({ purpose, channel, recipient }) => {
      const last = standingAct(
        self.consents.filter(
          (act) =>
            act.act === 'granted' &&
            act.purpose === purpose &&
            act.channel === channel &&
            act.recipient === recipient,
        ),
        self.consents.filter(
          (act) =>
            act.act === 'withdrawn' &&
            spans(act.purpose, purpose) &&
            spans(act.channel, channel) &&
            (act.recipient === '' || spans(act.recipient, recipient)),
        ),
      );
      return {
        purpose,
        channel,
        recipient,
        state: last.act,
        proof: last.class,
        at: last.at,
        evidenceId: last.evidenceId,
      };
    })
    .sort((left, right) => compare(left, right));
}

function standingAct(
  grants: readonly ConsentRegister[],
  withdrawals: readonly ConsentRegister[],
): ConsentRegister {
  const proven = latestOf(grants.filter((grant) => grant.class !== 'unproven'));
  const withdrawn = latestOf(withdrawals);
  if (withdrawn && !(proven && outranks(proven, withdrawn))) return withdrawn;
  return proven ?? (latestOf(grants) as ConsentRegister);
}

/**
 * The stops that reach the subject, each in its own scope. Of several of one kind and scope that
 * reach it through shared contact points one stands for all: however many share it, the state of
 * each of them stays small.
 */
export function stopsOf(origins: readonly Origin[]): StandingStop[] {
  const own = new Set(origins.filter(({ relation }) => relation === 'self').map(({ id }) => id));
  const standing = new Map<string, StandingStop>();
  for (const { kind, purpose, channel, recipient, at, endedAt, origin } of suppressionsOf(
    origins,
  )) {
    const through = own.has(origin) ? 'own' : 'contact_point';
    const stop: StandingStop = { kind, purpose, channel, recipient, at, endedAt, through };
    const key = [kind, purpose, channel, recipient, through].join('\u0000');
    const other = standing.get(key);
    if (!other || lastsLonger(stop, other)) standing.set(key, stop);
  }
  return [...standing.values()].sort((left, right) => compare(left, right));
}

function lastsLonger(left: StandingStop, right: StandingStop): boolean {
  const leftEnd = left.endedAt ?? Infinity;
  const rightEnd = right.endedAt ?? Infinity;
  return leftEnd === rightEnd ? left.at > right.at : leftEnd > rightEnd;
}

function latestOf(acts: readonly ConsentRegister[]): ConsentRegister | undefined {
  return acts.reduce<ConsentRegister | undefined>(
    (kept, act) => (kept === undefined || isLater(act, kept) ? act : kept),
    undefined,
  );
}

/** A total order, so that the same state is told in the same bytes whatever order it was read in. */
function compare(
  left: { purpose: string; channel: string; at: Instant },
  right: { purpose: string; channel: string; at: Instant },
): number {
  if (left.purpose !== right.purpose) return left.purpose < right.purpose ? -1 : 1;
  if (left.channel !== right.channel) return left.channel < right.channel ? -1 : 1;
  return left.at - right.at || (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1);
}
