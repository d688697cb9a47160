export { type CatchUpPorts, catchUpWithJournal, untilJournalIsApplied } from './catch-up.js';
export {
  createIntake,
  type IngestOptions,
  type Intake,
  type IntakePorts,
  type ParkedStops,
  type RecordAnswers,
} from './ingest.js';
export { journalFreeze } from './journal-freeze.js';
export { journalKeysEnd } from './journal-publishers.js';
export { expireParked } from './expire-parked.js';
export { movePublishersFromFolder } from './publishers/move-from-folder.js';
export {
  type HandedKey,
  overlapEnd,
  type Registered,
  registerPublisher,
  revokePublisher,
  rotatePublisher,
} from './publishers/registry.js';
export { replayParked, type Replayed, type ReplayWish } from './replay.js';
export {
  countParked,
  countParkedStops,
  expiredAmong,
  markDismissed,
  type ParkedFilter,
  showParked,
  waitingParked,
} from './tables/parked-table.js';
export { openKey as openPublisherKey } from './publishers/sealed-key.js';
export {
  keysOf,
  type KeyRow,
  type PublisherGrant,
  publisherRows,
  type PublisherRow,
} from './tables/publisher-table.js';
export { journalPositions } from './tables/journal-position-table.js';
export type { Authority, IntakeAnswer, RawEvent } from './types.js';
export { type Vocabulary, vocabularyOf } from './vocabulary.js';
