import { channelWords, type Policy } from './policy-schema.js';

interface GrantedUse {
  readonly category: string;
  readonly purpose: string;
  /** `by_consent` where the text names no channel, or not all. */
  readonly channel: string;
}

interface Change<T> {
  readonly gained: readonly T[];
  readonly lost: readonly T[];
}

export interface PolicyDifference {
  readonly grants: Change<GrantedUse>;
  readonly purposes: Change<string>;
  readonly recipients: Change<string>;
  /** What marketing on a channel rests on, such as `email opt_in`. */
  readonly channels: Change<string>;
  /** Terms by the place that sets them, such as `/consents/valid_months 12`. */
  readonly clocks: Change<string>;
}

/** What a new version gives and takes away, sorted, whatever the order inside the files. */
export function policyDiff(older: Policy, newer: Policy): PolicyDifference {
  return {
    grants: change(uses(older), uses(newer), (use) =>
      [use.category, use.purpose, use.channel].join(' '),
    ),
    purposes: change(ids(older.purposes), ids(newer.purposes), (id) => id),
    recipients: change(
      ids(older.ad_matching?.recipients ?? []),
      ids(newer.ad_matching?.recipients ?? []),
      (id) => id,
    ),
    channels: change(channels(older), channels(newer), (one) => one),
    clocks: change(clocks(older), clocks(newer), (one) => one),
  };
}

const channels = ({ channel_defaults: bases }: Policy): string[] =>
  Object.entries(bases).map(([channel, basis]) => `${channel} ${basis}`);

/** Fields that say how long something holds or is kept. */
const CLOCKS = /(?:_days|_months|^days)$/;

function clocks(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) =>
    CLOCKS.test(key) && typeof one === 'number'
      ? [`${path}/${key} ${one}`]
      : clocks(one, `${path}/${key}`),
  );
}

const ids = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);

const uses = (policy: Policy): GrantedUse[] =>
  policy.grants.flatMap((grant) =>
    grant.category.flatMap((category) =>
      channelWords(grant).map((channel) => ({ category, purpose: grant.purpose, channel })),
    ),
  );

function change<T>(older: readonly T[], newer: readonly T[], keyOf: (one: T) => string): Change<T> {
  const before = new Map(older.map((one) => [keyOf(one), one]));
  const after = new Map(newer.map((one) => [keyOf(one), one]));
  const only = (left: Map<string, T>, right: Map<string, T>): T[] =>
    [...left.keys()]
      .filter((key) => !right.has(key))
      .sort()
      .map((key) => left.get(key) as T);
  return { gained: only(after, before), lost: only(before, after) };
}
