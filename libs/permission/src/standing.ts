import { ANY, type Actor, type Instant, type StopKind } from '@kyoka/kernel';
import type {
  ConsentRegister,
  LiftKind,
  LiftRegister,
  RegisteredStop,
  StopRegister,
} from './registers.js';

/** What is asked about: one purpose on one channel, for ads at one recipient. */
export interface Cell {
  readonly purpose: string;
  readonly channel: string;
  /** The recipient and every group that holds it; empty where no recipient is involved. */
  readonly recipients: readonly string[];
}

/**
 * Where registers came from: the subject itself, a subject that shares a contact point with it, or
 * a folded contact point. `folds` are those of the origin that the asked subject has or had, too.
 */
export interface Origin {
  readonly id: string;
  readonly relation: 'self' | 'sharing' | 'contact';
  readonly folds: readonly string[];
  readonly consents: readonly ConsentRegister[];
  readonly stops: readonly StopRegister[];
  readonly lifts: readonly LiftRegister[];
}

/** A stop that reaches the asked subject; `endedAt` is when it was ended by what may end it. */
export interface Suppression {
  readonly kind: StopKind;
  readonly purpose: string;
  readonly channel: string;
  /** Of a withdrawal at one recipient or group; else `''`. */
  readonly recipient: string;
  readonly at: Instant;
  readonly endedAt: Instant | null;
  readonly evidenceId: string;
  readonly actor: Actor;
  /** Id of the origin that it comes from. */
  readonly origin: string;
  /** Set for a stop of one contact point (a bounce); without it the stop covers the whole subject. */
  readonly fold?: string;
}

type Ender = LiftKind | 'own_evidenced_grant' | 'confirmed_grant';

/** What ends each stop (design §2.4). A freeze ends by the role that set it and isn't listed here. */
export const ENDED_BY: Readonly<Record<RegisteredStop | 'withdrawal', readonly Ender[]>> = {
  withdrawal: ['own_evidenced_grant', 'confirmed_grant'],
  objection: ['confirmed_grant'],
  complaint: ['confirmed_grant'],
  suspension: ['lift'],
  erasure: ['lift'],
  unfollowed: ['follow'],
  hard_bounce: ['confirmation'],
  returned_post: ['confirmation'],
};

/** Stops of a contact point rather than of a person: they follow the contact point only. */
const OF_CONTACT_POINT: ReadonlySet<RegisteredStop> = new Set([
  'hard_bounce',
  'returned_post',
  'unfollowed',
]);

const covers = (scope: { purpose: string; channel: string }, cell: Cell): boolean =>
  (scope.purpose === ANY || scope.purpose === cell.purpose) &&
  (scope.channel === ANY || scope.channel === cell.channel);

/** A recipient narrows an act on ads; one that names another channel means that channel whatever it adds. */
const atRecipient = (act: { channel: string; recipient: string }, cell: Cell): boolean =>
  act.recipient === '' ||
  act.recipient === ANY ||
  (cell.channel === 'ads' ? cell.recipients.includes(act.recipient) : act.channel === cell.channel);

/** Two origins act for the same contact point: one is a subject of the other's, or they share one that is asked about. */
const linked = (left: Origin, right: Origin): boolean =>
  left.id === right.id ||
  left.relation === 'self' ||
  right.relation === 'self' ||
  left.folds.some((fold) => right.folds.includes(fold));

function latest(moments: readonly Instant[]): Instant | undefined {
  return moments.length === 0 ? undefined : Math.max(...moments);
}

function grantsOf(
  origin: Origin,
  cell: Cell,
  classes: readonly ConsentRegister['class'][],
): Instant[] {
  return origin.consents
    .filter(
      (consent) =>
        consent.act === 'granted' &&
        classes.includes(consent.class) &&
        consent.purpose === cell.purpose &&
        consent.channel === cell.channel &&
        atRecipient(consent, cell),
    )
    .map((consent) => consent.at);
}

function liftsOf(origin: Origin, cell: Cell, kind: LiftKind): Instant[] {
  return origin.lifts
    .filter((lift) => lift.kind === kind && covers(lift, cell))
    .map((lift) => lift.at);
}

/** The last moment at which anything that may end such a stop of `origin` happened in the cell; `origins` are those with an act that may end others' stops. */
function endersOf(
  kind: RegisteredStop | 'withdrawal',
  origin: Origin,
  origins: readonly Origin[],
  cell: Cell,
): Instant | undefined {
  const moments = ENDED_BY[kind].flatMap((ender) => {
    switch (ender) {
      case 'own_evidenced_grant':
        return grantsOf(origin, cell, ['evidenced', 'confirmed']);
      case 'confirmed_grant':
        return origins
          .filter((other) => linked(origin, other))
          .flatMap((other) => grantsOf(other, cell, ['confirmed']));
      case 'lift':
        // Only who stopped may lift: the same subject; a stop of a bare contact point, by whoever has it.
        return origins
          .filter(
            (other) =>
              other.id === origin.id || (origin.relation === 'contact' && linked(origin, other)),
          )
          .flatMap((other) => liftsOf(other, cell, 'lift'));
      case 'follow':
      case 'confirmation':
        return origins
          .filter((other) => linked(origin, other))
          .flatMap((other) => liftsOf(other, cell, ender));
    }
  });
  return latest(moments);
}

/** At the same instant the stop wins, so an ender has to be later. */
const endedAt = (at: Instant, ender: Instant | undefined): Instant | null =>
  ender !== undefined && ender > at ? ender : null;

/**
 * Every stop that reaches a subject in one cell, with its end if it ended, from the registers of
 * the subject, of the contact points it has or had, and of the subjects that share one of these
 * (one step). A withdrawal of the subject itself isn't listed: it stands among its consents.
 */
export function suppressionsIn(cell: Cell, origins: readonly Origin[]): Suppression[] {
  return suppressions(origins, (act) =>
    covers(act, cell) && atRecipient(act, cell) ? cell : undefined,
  );
}

/** Every stop that reaches a subject, ended where the whole of its own scope is free again. */
export function suppressionsOf(origins: readonly Origin[]): Suppression[] {
  return suppressions(origins, ({ purpose, channel, recipient }) => ({
    purpose,
    channel,
    recipients: recipient === '' ? [] : [recipient],
  }));
}

type Stopping = Omit<StopRegister, 'kind'> & {
  readonly kind: RegisteredStop | 'withdrawal';
  readonly recipient: string;
};

/** @param cellOf the cell in which a stop is looked at; `undefined`: it isn't one there */
function suppressions(
  origins: readonly Origin[],
  cellOf: (act: Stopping) => Cell | undefined,
): Suppression[] {
  // Few act in a way that ends stops, however many share a contact point.
  const enders = origins.filter(
    (origin) => origin.lifts.length > 0 || origin.consents.some(confirms),
  );
  return origins.flatMap((origin) =>
    stopping(origin).flatMap((act) => {
      const cell = cellOf(act);
      if (cell === undefined) return [];
      const { kind, purpose, channel, recipient, at, evidenceId, actor } = act;
      return [
        {
          kind,
          purpose,
          channel,
          recipient,
          at,
          endedAt: endedAt(at, endersOf(kind, origin, enders, cell)),
          evidenceId,
          actor,
          origin: origin.id,
          ...(ofContactPoint(kind) && origin.relation === 'contact' ? { fold: origin.id } : {}),
        },
      ];
    }),
  );
}

const confirms = (act: ConsentRegister): boolean =>
  act.act === 'granted' && act.class === 'confirmed';

const ofContactPoint = (kind: Stopping['kind']): boolean =>
  kind !== 'withdrawal' && OF_CONTACT_POINT.has(kind);

function stopping(origin: Origin): Stopping[] {
  const withdrawals =
    origin.relation === 'self' ? [] : origin.consents.filter(({ act }) => act === 'withdrawn');
  return [
    ...origin.stops.map((stop) => ({ ...stop, recipient: '' })),
    ...withdrawals.map((act) => ({ ...act, kind: 'withdrawal' as const })),
  ];
}

/** When a stop that `origin` placed at `at` ended in the cell; `null` while it is in force there. */
export function stopEndedAt(
  { kind, at }: { readonly kind: RegisteredStop | 'withdrawal'; readonly at: Instant },
  origin: Origin,
  origins: readonly Origin[],
  cell: Cell,
): Instant | null {
  return endedAt(at, endersOf(kind, origin, origins, cell));
}

/** The subject's own acts that bear on a cell, wildcards included. */
export function consentsIn(cell: Cell, self: Origin): ConsentRegister[] {
  return self.consents.filter((consent) => covers(consent, cell) && atRecipient(consent, cell));
}
