import { formatInstant, type Instant } from '@kyoka/kernel';

/** Kinds of contact point that an ad network matches. */
export type MatchableKind = 'email' | 'phone';

/** Names one member of an audience together with the audience. `token` is the keyed look-up token. */
export interface MemberKey {
  readonly subjectId: string;
  readonly kind: MatchableKind;
  readonly token: Buffer;
}

/** Why a member has to leave. */
export type RemovalCause =
  'stop' | 'not_permitted' | 'left_segment' | 'lease_ended' | 'audience_ended';

/** Topics out, as other services know them. */
export const RELEASE_TOPIC = 'kyoka.releases.v1';
export const PROGRESS_TOPIC = 'kyoka.suspension-progress.v1';

/** Columns of member keys, for `unnest`. */
export function columnsOf(keys: readonly MemberKey[]): [string[], string[], Buffer[]] {
  return [
    keys.map((key) => key.subjectId),
    keys.map((key) => key.kind),
    keys.map((key) => key.token),
  ];
}

/** A member's key as text, for maps and sets. */
export const keyText = (key: Omit<MemberKey, 'kind'> & { readonly kind: string }): string =>
  `${key.subjectId} ${key.kind} ${key.token.toString('hex')}`;

/** For a parameter of type `timestamptz`. */
export const stamp = (at: Instant | undefined | null): string | null =>
  at === undefined || at === null ? null : formatInstant(at);

export const instantOf = (value: Date | null): Instant | undefined =>
  value === null ? undefined : value.getTime();

export function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
