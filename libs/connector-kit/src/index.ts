export * from './capabilities.js';
export * from './connector.js';
export { listFault } from './list-fault.js';
export * from './network-url.js';
export * from './outcome.js';
export { identifiersOf, refuseRequest, rowsOf, splitIntoRequests } from './requests.js';
export { cappedWait } from './retry-after.js';
export * from './send.js';
export * from './transport.js';
