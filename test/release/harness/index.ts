export { type Company, openCompany, openShared, type Shared } from './company.js';
export { drain, rest } from './drain.js';
export { sha256Hex } from './evidence.js';
export { HANA, heldAt, KEN, stepsOf, TARO } from './given.js';
export { bothSwitchOn, partyOf } from './switches.js';
export { pass, reportOf, settle } from './time.js';
export { type Network, type Person, PROCESSING_MS, START } from './words.js';
