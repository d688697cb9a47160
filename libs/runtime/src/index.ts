export { accessOf, isSecure } from './access.js';
export { startCheckpoints } from './checkpoints.js';
export type { Closing } from './closing.js';
export { openEdge } from './edge.js';
export { awaitStopJournal, openStopJournal } from './journal.js';
export { inputStrategy, openProducer } from './kafka.js';
export {
  areAllNearby,
  type NetworkAccounts,
  networkAddresses,
  type Networks,
  openNetworks,
  withNamedNetworks,
} from './networks.js';
export { startErasures } from './erasures.js';
export { startFigures } from './figures.js';
export { keepKeysFresh } from './keys.js';
export { parkedStopsLog, takeOverPublishers } from './publishers.js';
export { startParkedTerm } from './parked.js';
export { mailServerOf, personLink, personPages, type PersonPages } from './person-pages.js';
export { watchPolicies } from './policies.js';
export { startPurges } from './purges.js';
export { openRole } from './pools.js';
export type { ProcessParts } from './process-parts.js';
export { type RunningProcess, runProcess } from './process.js';
export { openServiceBase } from './service-base.js';
export { openTransport, startOutbox, statusOf, type Transport } from './transport.js';
export { startTerms } from './terms.js';
export { startWorker } from './worker.js';
