export { openCheckpoints, sha256Hex } from './checkpoint-writer.js';
export type { CheckpointOptions, CheckpointWriter } from './checkpoint-writer.js';
export { journalWriters, openJournal, readJournal } from './journal.js';
export type { Journal, JournalPlace, JournalRecord } from './journal.js';
export type { StopJournalEntry } from './journal-line.js';
export { verifyEvidence } from './verify.js';
export type { ChainReader, VerifyReport } from './verify.js';
