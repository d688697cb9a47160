import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  difference,
  MAY_BE_HELD,
  MEMBER_EVENTS,
  MEMBER_STATES,
  type MemberEvent,
  type MemberState,
  nextMemberState,
} from './membership.js';

const EVENTS = Object.keys(MEMBER_EVENTS) as MemberEvent[];
const events = fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 });
const walk = (path: readonly MemberEvent[]): MemberState[] =>
  path.reduce<MemberState[]>(
    (states, event) => [...states, nextMemberState(states.at(-1) ?? 'wanted', event)],
    ['wanted'],
  );

describe('a member', () => {
  it('leaves what the network may hold only by a confirmed removal or a certain refusal', () => {
    const wayOut: readonly MemberEvent[] = ['end', 'return_to_wanted', 'refuse'];
    fc.assert(
      fc.property(events, (path) => {
        const states = walk(path);
        path.forEach((event, index) => {
          const [before, after] = [states[index] as MemberState, states[index + 1] as MemberState];
          if (MAY_BE_HELD.includes(before) && !MAY_BE_HELD.includes(after)) {
            expect(wayOut).toContain(event);
          }
        });
      }),
    );
  });

  it('gets to the network only through the gate', () => {
    fc.assert(
      fc.property(events, (path) => {
        const states = walk(path);
        path.forEach((event, index) => {
          if (states[index] !== 'sending' && states[index + 1] === 'sending')
            expect(event).toBe('pass');
        });
      }),
    );
  });

  it('is not taken back from an open removal by anything but its end', () => {
    for (const event of EVENTS.filter((one) => one !== 'end')) {
      expect(nextMemberState('leaving', event)).toBe('leaving');
    }
  });
});

describe('the difference', () => {
  it.each<[MemberState, MemberEvent | undefined, MemberEvent | undefined]>([
    ['wanted', undefined, 'drop'],
    ['sending', undefined, 'leave'],
    ['processing', undefined, 'leave'],
    ['held', undefined, 'leave'],
    ['leaving', undefined, undefined],
    ['gone', 'want', undefined],
    ['refused', undefined, 'drop'],
  ])('of %s: desired %s, not desired %s', (state, desired, undesired) => {
    expect(difference(true, state)).toBe(desired);
    expect(difference(false, state)).toBe(undesired);
  });

  it('is empty once it was followed', () => {
    for (const state of MEMBER_STATES) {
      for (const desired of [true, false]) {
        const event = difference(desired, state);
        const next = event === undefined ? state : nextMemberState(state, event);
        expect(difference(desired, next)).toBeUndefined();
      }
    }
  });
});
