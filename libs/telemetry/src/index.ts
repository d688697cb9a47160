export { collectAudiences } from './collect/audiences.js';
export { collectPermissions } from './collect/permissions.js';
export { countDecisions } from './metrics/decisions.js';
export { METRICS } from './metrics/definitions.js';
export { learnCode, learnRoute } from './metrics/labels.js';
export { collect, METRICS_MEDIA_TYPE, readMetrics, setRole } from './metrics/read.js';
export { count, observe, set } from './metrics/registry.js';
export { type Headers, inSpan, traceHeaders } from './traces/spans.js';
export { startTracing } from './traces/tracing.js';
