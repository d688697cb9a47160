export {
  type AudienceDefinition,
  defineAudience,
  type RecordOf,
  endAudience,
  startRun,
} from './audiences.js';
export { releaseChainReader } from './chain-reader.js';
export { barrierGuard } from './guard.js';
export { whileEntitled } from './rights.js';
export { releaseTasks } from './due-tasks.js';
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
export { readRun, type RunReport } from './run-report.js';
export { recipientNames, registerRecipient } from './recipients.js';
export { DEFAULT_SETTINGS, type ReleaseSettings } from './settings.js';
export { readStops, type RemovalReport, type StopReport } from './stop-report.js';
export { storedDecisions, storedStops } from './stored-decisions.js';
export { type Holding, readHoldings, readReleases, type ReleaseReport } from './subject-report.js';
export { changeSwitch, readSwitch, type SwitchChange, type SwitchState } from './switches.js';
export { type Audience, findAudience, listAudiences } from './tables/audience-table.js';
export { releaseContent } from './tables/release-table.js';
export type { Recipient } from './tables/recipient-table.js';
export type { SwitchTarget } from './tables/switch-table.js';
export { Worker, workerSteps } from './worker.js';
