/**
 * What we know of one contact point in one audience:
 * `wanted` to be added, nothing was sent; `sending` the gate let it pass and the outcome isn't known
 * yet; `processing` the network took it and still works on it; `held` it is in the list, or may be,
 * since an outcome nobody knows counts as held; `leaving` a removal is open; `gone` it isn't there;
 * `refused` the network refused this very contact point.
 */
export const MEMBER_STATES = [
  'wanted',
  'sending',
  'processing',
  'held',
  'leaving',
  'gone',
  'refused',
] as const;
export type MemberState = (typeof MEMBER_STATES)[number];

interface Transition {
  readonly from: readonly MemberState[];
  readonly to: MemberState;
}

/**
 * Everything that may happen to a member. What isn't listed has no effect: an outcome that arrives
 * when a removal is already open, for example, changes nothing here.
 */
export const MEMBER_EVENTS = {
  /** desired again after it had gone */
  want: { from: ['gone'], to: 'wanted' },
  /** fell out before anything was sent, by the difference, by the gate or by a stop */
  drop: { from: ['wanted', 'refused'], to: 'gone' },
  /** the gate's transaction committed: a first add, or the renewal of what is held */
  pass: { from: ['wanted', 'held'], to: 'sending' },
  /** the network took the request and works on it */
  take: { from: ['sending'], to: 'processing' },
  /** it is in the list, or may be */
  hold: { from: ['sending', 'processing', 'held'], to: 'held' },
  /** certainly nothing was taken of a first add */
  return_to_wanted: { from: ['sending'], to: 'wanted' },
  /** certainly nothing was taken of a renewal: what was held before still is */
  return_to_held: { from: ['sending'], to: 'held' },
  /** the network named this record as the bad one of a refused batch */
  refuse: { from: ['sending'], to: 'refused' },
  /** a removal is recorded */
  leave: { from: ['sending', 'processing', 'held'], to: 'leaving' },
  /** the removal is confirmed */
  end: { from: ['leaving'], to: 'gone' },
  /** a sender reported after the removal had been confirmed: it may be there again */
  reappear: { from: ['gone', 'wanted'], to: 'leaving' },
} as const satisfies Record<string, Transition>;

export type MemberEvent = keyof typeof MEMBER_EVENTS;

/** The state after an event; the same state where the event has no effect. */
export function nextMemberState(state: MemberState, event: MemberEvent): MemberState {
  const { from, to }: Transition = MEMBER_EVENTS[event];
  return from.includes(state) ? to : state;
}

/** States in which the network may hold the contact point: what a stop has to undo. */
export const MAY_BE_HELD: readonly MemberState[] = ['sending', 'processing', 'held', 'leaving'];

/**
 * The difference between what is desired and what is: the event each member meets, `undefined` where
 * nothing has to change. An open removal is never taken back; what is still desired is added again
 * by a later run, once the removal is confirmed. What a network refused isn't sent again until the
 * contact point left the audience.
 */
export function difference(desired: boolean, state: MemberState): MemberEvent | undefined {
  return (['want', 'drop', 'leave'] as const).find(
    (event) => (event === 'want') === desired && nextMemberState(state, event) !== state,
  );
}
