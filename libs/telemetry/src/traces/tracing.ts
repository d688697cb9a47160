import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

export interface TracingOptions {
  /** Base address of an OTLP/HTTP receiver; spans go to `v1/traces` below it. */
  readonly url: string;
  /** What the process is. */
  readonly role: string;
}

export interface Tracing {
  /** Sends what is left. */
  stop(): Promise<void>;
}

const GIVE_UP_MS = 5_000;

/**
 * Sends spans to a receiver (OTLP over HTTP, JSON). Without it every span costs a function call.
 * The resource names the role alone: no host, no user, no command line.
 */
export function startTracing({ url, role }: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({
    url: new URL('v1/traces', url.endsWith('/') ? url : `${url}/`).href,
    timeoutMillis: GIVE_UP_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `kyoka-${role}` }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: GIVE_UP_MS })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return {
    async stop() {
      await provider.shutdown();
      for (const api of [trace, context, propagation]) api.disable();
    },
  };
}
