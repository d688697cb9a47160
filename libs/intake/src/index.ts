export { type CatchUpPorts, catchUpWithJournal } from './catch-up.js';
export { createIntake, type Intake, type IntakePorts } from './ingest.js';
export { journalFreeze } from './journal-freeze.js';
export { expireParked } from './expire-parked.js';
export { replayParked, type Replayed, type ReplayWish } from './replay.js';
export { countParked, expiredAmong } from './tables/parked-table.js';
export { journalPositions } from './tables/journal-position-table.js';
export type { Authority, IntakeAnswer, RawEvent } from './types.js';
export { type Vocabulary, vocabularyOf } from './vocabulary.js';
