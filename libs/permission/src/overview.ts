import { ANY, type Instant, type StopKind } from '@kyoka/kernel';
import { type ConsentClass, type ConsentRegister, isLater } from './registers.js';
import { type Origin, suppressionsIn } from './standing.js';

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
  readonly at: Instant;
  readonly endedAt: Instant | null;
  readonly through: 'own' | 'shared_contact';
}

const spans = (scope: string, part: string): boolean => scope === ANY || scope === part;

/** One line per cell that the subject ever acted on. A withdrawal wins at the same instant, and a wider one covers the cell. */
export function permissionsOf(self: Origin): StandingPermission[] {
  const cells = new Map<string, ConsentRegister>();
  for (const act of self.consents)
    cells.set([act.purpose, act.channel, act.recipient].join('\u0000'), act);
  return [...cells.values()]
    .map(({ purpose, channel, recipient }) => {
      const granted = latestOf(
        self.consents.filter(
          (act) =>
            act.act === 'granted' &&
            act.purpose === purpose &&
            act.channel === channel &&
            act.recipient === recipient,
        ),
      );
      const withdrawn = latestOf(
        self.consents.filter(
          (act) =>
            act.act === 'withdrawn' &&
            spans(act.purpose, purpose) &&
            spans(act.channel, channel) &&
            (act.recipient === '' || act.recipient === recipient),
        ),
      );
      const last =
        withdrawn !== undefined && (granted === undefined || withdrawn.at >= granted.at)
          ? withdrawn
          : granted;
      return { purpose, channel, recipient, last: last as ConsentRegister };
    })
    .map(({ last, ...cell }) => ({
      ...cell,
      state: last.act,
      proof: last.class,
      at: last.at,
      evidenceId: last.evidenceId,
    }))
    .sort((left, right) => compare(left, right));
}

/** Every stop that reaches the subject, in its own scope. */
export function stopsOf(origins: readonly Origin[]): StandingStop[] {
  const scopes = new Map<string, { purpose: string; channel: string }>();
  for (const origin of origins) {
    const withdrawals =
      origin.relation === 'self' ? [] : origin.consents.filter((act) => act.act === 'withdrawn');
    for (const { purpose, channel } of [...origin.stops, ...withdrawals]) {
      scopes.set([purpose, channel].join('\u0000'), { purpose, channel });
    }
  }
  return origins
    .flatMap((origin) =>
      [...scopes.values()].flatMap((scope) =>
        suppressionsIn({ ...scope, recipients: [] }, origins)
          .filter(
            (stop) =>
              stop.origin === origin.id &&
              stop.purpose === scope.purpose &&
              stop.channel === scope.channel,
          )
          .map((stop) => ({
            kind: stop.kind,
            purpose: stop.purpose,
            channel: stop.channel,
            at: stop.at,
            endedAt: stop.endedAt,
            through: origin.relation === 'self' ? ('own' as const) : ('shared_contact' as const),
          })),
      ),
    )
    .sort((left, right) => compare(left, right));
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
