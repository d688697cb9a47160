import { PARK_REASONS } from '@kyoka/contracts';
import { REASON_CODES } from '@kyoka/decision';
import type { Label } from './labels.js';

interface Definition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly Label[];
  /** Upper bounds in seconds. */
  readonly buckets?: readonly number[];
  /** Of a counter, the values of a label that it may have, where these are fewer than the label's. */
  readonly among?: Readonly<Partial<Record<Label, readonly string[]>>>;
}

const FAST = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From a network that answers at once to the days that some declare. */
const LONG = [1, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 2 * DAY, 7 * DAY];

/** Every metric of the service. Dashboard and alerts may name these alone, and those of the process. */
export const METRICS = {
  kyoka_intake_events_total: {
    kind: 'counter',
    help: 'Events answered, by type and what became of them.',
    labels: ['type', 'outcome'],
  },
  kyoka_intake_parked_total: {
    kind: 'counter',
    help: 'Events parked, by reason.',
    labels: ['reason'],
    among: { reason: Object.keys(PARK_REASONS) },
  },
  kyoka_intake_batch_seconds: {
    kind: 'histogram',
    help: 'Time to take one batch, its commit included.',
    labels: [],
    buckets: FAST,
  },
  kyoka_barrier_seconds: {
    kind: 'histogram',
    help: "From a stop's arrival to its barrier.",
    labels: [],
    buckets: [...FAST, 30, MINUTE, 5 * MINUTE],
  },
  kyoka_journal_append_seconds: {
    kind: 'histogram',
    help: 'Time until stops are on the disk of the journal.',
    labels: [],
    buckets: FAST,
  },
  kyoka_decisions_total: {
    kind: 'counter',
    help: 'Decisions, asked over HTTP or by audiences and the gate.',
    labels: ['asked', 'answer'],
  },
  kyoka_decision_reasons_total: {
    kind: 'counter',
    help: 'Refusals by reason; one with several counts under each.',
    labels: ['asked', 'reason'],
    among: { reason: REASON_CODES },
  },
  kyoka_released_persons_total: {
    kind: 'counter',
    help: 'People that passed the gate, once for each attempt.',
    labels: ['network'],
  },
  kyoka_connector_requests_total: {
    kind: 'counter',
    help: 'Requests to networks, by what became of them.',
    labels: ['network', 'operation', 'result'],
  },
  kyoka_connector_request_seconds: {
    kind: 'histogram',
    help: 'Time of a request to a network.',
    labels: ['network', 'operation'],
    buckets: [...FAST, 30],
  },
  kyoka_removal_sent_seconds: {
    kind: 'histogram',
    help: "From a removal's record to its first request.",
    labels: ['network'],
    buckets: [...FAST, ...LONG.slice(3)],
  },
  kyoka_removal_confirmed_seconds: {
    kind: 'histogram',
    help: "From a removal's record to its confirmation.",
    labels: ['network'],
    buckets: LONG,
  },
  kyoka_removals: {
    kind: 'gauge',
    help: 'Removals that are not confirmed yet, by how they stand.',
    labels: ['network', 'state'],
  },
  kyoka_stop_waiting_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest stop whose removals are not recorded yet; 0 for none.',
    labels: [],
  },
  kyoka_parked: {
    kind: 'gauge',
    help: 'Parked originals that wait for a person.',
    labels: ['reason', 'stop'],
  },
  kyoka_parked_oldest_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest parked original that waits; 0 for none.',
    labels: [],
  },
  kyoka_outbox_oldest_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest message that is not published yet; 0 for none.',
    labels: ['context'],
  },
  kyoka_runs: {
    kind: 'gauge',
    help: 'Audience runs that have not ended.',
    labels: ['state'],
  },
  kyoka_run_oldest_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest run that builds or sends; 0 for none.',
    labels: [],
  },
  kyoka_publishers_ending: {
    kind: 'gauge',
    help: 'Publishers whose last key ends within this time.',
    labels: ['within'],
  },
  kyoka_consumer_lag: {
    kind: 'gauge',
    help: 'Records of the input topics that are not handled yet.',
    labels: [],
  },
  kyoka_consumer_connected: {
    kind: 'gauge',
    help: 'Whether this process takes records from the input topics.',
    labels: [],
  },
  kyoka_database_up: {
    kind: 'gauge',
    help: 'Whether the database answered the last look.',
    labels: ['context'],
  },
  kyoka_database_connections: {
    kind: 'gauge',
    help: 'Connections of a pool, and callers that wait for one.',
    labels: ['context', 'state'],
  },
  kyoka_checkpoint_age_seconds: {
    kind: 'gauge',
    help: 'Time since this process last knew every chain under a checkpoint.',
    labels: [],
  },
  kyoka_clock_last_success_seconds: {
    kind: 'gauge',
    help: 'Moment at which this process last ended a batch of a task of the clock, in seconds since 1970; its start before the first.',
    labels: ['task'],
  },
  kyoka_clock_overdue_seconds: {
    kind: 'gauge',
    help: 'For how long the oldest thing of a task of the clock has been due; 0 for none.',
    labels: ['task'],
  },
  kyoka_clock_ended_total: {
    kind: 'counter',
    help: 'What time ended, by task.',
    labels: ['task'],
  },
  kyoka_clock_failed_total: {
    kind: 'counter',
    help: 'Turns of a task of the clock that failed or took too long, and single things of one that failed.',
    labels: ['task'],
  },
  kyoka_http_request_seconds: {
    kind: 'histogram',
    help: 'Time of an HTTP request, by the template of its route.',
    labels: ['method', 'route', 'status'],
    buckets: FAST,
  },
  kyoka_door_refusals_total: {
    kind: 'counter',
    help: 'Requests that the door refused: no valid credential, a missing scope, a quota.',
    labels: ['status'],
    among: { status: ['401', '403', '429'] },
  },
  kyoka_errors_total: {
    kind: 'counter',
    help: 'Lines of the log at the level error, by code.',
    labels: ['code'],
  },
  kyoka_collector_failed: {
    kind: 'gauge',
    help: 'Whether what fills gauges failed or was late at the last look.',
    labels: ['collector'],
  },
} as const satisfies Record<string, Definition>;

export type MetricName = keyof typeof METRICS;
type OfKind<K extends Definition['kind']> = {
  [N in MetricName]: (typeof METRICS)[N]['kind'] extends K ? N : never;
}[MetricName];
export type CounterName = OfKind<'counter'>;
export type GaugeName = OfKind<'gauge'>;
export type HistogramName = OfKind<'histogram'>;
/** A value for each label of a metric. */
export type LabelsOf<N extends MetricName> = Readonly<
  Record<(typeof METRICS)[N]['labels'][number], string>
>;
