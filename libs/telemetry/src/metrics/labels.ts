import { EVENT_DATA, PARK_REASONS } from '@kyoka/contracts';
import { REASON_CODES } from '@kyoka/decision';
import { ERROR_CODES, EVENT_OUTCOMES } from '@kyoka/kernel';

/** What stands in a series or a span for a value that its label doesn't know. */
export const OTHER = 'other';

/** A name of our own or of a policy: no address, no number, nothing with a space in it. */
const NAME = /^[a-z][a-z_]{0,40}$/;
/** Names that a label without a closed list may take; a later one is `other`. */
const MOST_NAMES = 60;

interface Rule {
  (value: string): boolean;
  /** Every value, where that is known beforehand. */
  readonly words?: readonly string[] | undefined;
}

const closed = (words: readonly string[]): Rule => {
  const known = new Set(words);
  return Object.assign((value: string): boolean => known.has(value), { words });
};

/** Words that a process learns from where they are made, as it starts. */
const learned = (form: RegExp, begun: readonly string[] = []) => {
  const known = new Set<string>(begun);
  const rule: Rule = (value) => known.has(value);
  const learn = (value: string): void => {
    if (form.test(value)) known.add(value);
  };
  return { rule, learn };
};

const routes = learned(/^\/[A-Za-z0-9_/{}:*.-]{0,80}$/);
const codes = learned(NAME, Object.keys(ERROR_CODES));

/** A template that was registered with the router: its variable parts are names, not values. */
export const learnRoute = routes.learn;
/** A code that the log may say. */
export const learnCode = codes.learn;

/** The first names that have the form; so many and no more, whatever is handed in. */
const named = (form: RegExp): Rule => {
  const known = new Set<string>();
  return (value: string): boolean => {
    if (known.has(value)) return true;
    if (known.size >= MOST_NAMES || !form.test(value)) return false;
    known.add(value);
    return true;
  };
};

/**
 * Every label of a metric and every word of a span, with what it may say. Nothing that belongs to a
 * person has the form of any of them, and none can take more values than a system has parts.
 */
export const LABELS = {
  type: closed(Object.keys(EVENT_DATA)),
  outcome: closed(EVENT_OUTCOMES),
  reason: closed([...Object.keys(PARK_REASONS), ...REASON_CODES]),
  asked: closed(['api', 'release']),
  answer: closed(['allowed', 'refused']),
  network: named(NAME),
  operation: closed(['add', 'remove']),
  result: named(NAME),
  context: closed(['permissions', 'audiences']),
  state: closed([
    ...['total', 'idle', 'waiting'],
    ...['requested', 'unconfirmed', 'overdue', 'building', 'sending', 'settling'],
  ]),
  within: closed(['7d', '30d']),
  stop: closed(['yes', 'no']),
  task: named(/^[a-z][a-z ._-]{0,40}$/),
  code: codes.rule,
  collector: named(/^[a-z][a-z ]{0,40}$/),
  method: closed(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
  route: routes.rule,
  status: closed(
    ['400', '401', '403', '404', '405', '409', '413', '415', '429'].concat(
      '2xx 3xx 4xx 5xx'.split(' '),
    ),
  ),
  topic: named(/^kyoka\.[a-z.-]+\.v\d$/),
} as const satisfies Record<string, Rule>;

export type Label = keyof typeof LABELS;

/** The value, or `other` where the label doesn't know it. */
export const labelled = (label: Label, value: string): string =>
  LABELS[label](value) ? value : OTHER;
