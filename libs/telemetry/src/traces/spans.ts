import {
  context,
  type Context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { isKyokaError } from '@kyoka/kernel';
import { type Label, labelled } from '../metrics/labels.js';

/** Every span there is. */
const SPANS = {
  request: SpanKind.SERVER,
  'intake batch': SpanKind.CONSUMER,
  decision: SpanKind.INTERNAL,
  gate: SpanKind.INTERNAL,
  'connector request': SpanKind.CLIENT,
  removal: SpanKind.INTERNAL,
} as const;
export type SpanName = keyof typeof SPANS;

/** What a span may say: a word as the labels of metrics know it, or a number. Nothing else gets in. */
export type SpanWords = Readonly<Partial<Record<Label, string>>> & {
  readonly events?: number;
  readonly persons?: number;
};

export interface OpenSpan {
  say(words: SpanWords): void;
}

/** Headers by their lower-case names, as a request or a record of a topic brought them. */
export type Headers = Readonly<Record<string, string | undefined>>;

const MOST_LINKS = 32;
const tracer = () => trace.getTracer('kyoka');

/**
 * Runs work in a span, a child of the one it runs in. A fault shows as its code alone: its text, a
 * statement or an address never get into a trace.
 *
 * @param from headers of what asked for the work; of a batch, of each record
 */
export function inSpan<T>(
  name: SpanName,
  words: SpanWords,
  work: (span: OpenSpan) => Promise<T>,
  from: readonly Headers[] = [],
): Promise<T> {
  const callers = from.map(callerOf).filter((one) => one !== undefined);
  const parent = callers.length === 1 ? callers[0] : undefined;
  const links =
    parent === undefined
      ? callers.slice(0, MOST_LINKS).flatMap((one) => {
          const spanContext = trace.getSpanContext(one);
          return spanContext === undefined ? [] : [{ context: spanContext }];
        })
      : [];
  return tracer().startActiveSpan(
    name,
    { kind: SPANS[name], links },
    parent ?? context.active(),
    async (span) => {
      say(span, words);
      try {
        return await work({ say: (more) => say(span, more) });
      } catch (fault) {
        const code = isKyokaError(fault) ? fault.code : 'internal';
        span.setAttribute('kyoka.code', labelled('code', code));
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw fault;
      } finally {
        span.end();
      }
    },
  );
}

/** Headers that let whoever gets them go on with this trace; none where there is none. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

function callerOf({ traceparent }: Headers): Context | undefined {
  if (traceparent === undefined) return undefined;
  const from = propagation.extract(ROOT_CONTEXT, { traceparent });
  return trace.getSpanContext(from) === undefined ? undefined : from;
}

function say(span: Span, words: SpanWords): void {
  for (const [name, value] of Object.entries(words)) {
    span.setAttribute(
      `kyoka.${name}`,
      typeof value === 'number' ? value : labelled(name as Label, value),
    );
  }
}
