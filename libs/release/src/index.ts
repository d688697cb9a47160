export { type AudienceDefinition, defineAudience, endAudience, startRun } from './audiences.js';
export { releaseChainReader } from './chain-reader.js';
export { barrierGuard } from './guard.js';
export { vaultMatchKeys } from './match-keys.js';
export type {
  AudienceAsk,
  DecidePersons,
  GateGuard,
  Log,
  MatchKeyOf,
  PersonDecision,
  ReachOf,
  ReleaseContext,
} from './ports.js';
export {
  type Holding,
  readHoldings,
  readReleases,
  readRun,
  readStops,
  type ReleaseReport,
  type RemovalReport,
  type RunReport,
  type StopReport,
} from './queries.js';
export { DEFAULT_SETTINGS, type ReleaseSettings } from './settings.js';
export { storedDecisions } from './stored-decisions.js';
export {
  changeSwitch,
  readSwitch,
  registerRecipient,
  type SwitchChange,
  type SwitchState,
} from './switches.js';
export { type Audience, findAudience, listAudiences } from './tables/audience-table.js';
export type { Recipient } from './tables/recipient-table.js';
export type { SwitchTarget } from './tables/switch-table.js';
export { Worker, workerSteps } from './worker.js';
