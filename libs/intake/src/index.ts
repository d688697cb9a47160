export { applyJournal } from './apply-journal.js';
export { createIntake, type Intake, type IntakePorts } from './ingest.js';
export { replayParked, type Replayed, type ReplayWish } from './replay.js';
export { journalPositions } from './tables/journal-position-table.js';
export { countParked } from './tables/parked-table.js';
export type { Authority, IntakeAnswer, RawEvent } from './types.js';
export { type Vocabulary, vocabularyOf } from './vocabulary.js';
