export { takeBarrier } from './barrier.js';
export {
  loadPersons,
  type Person,
  type StoredContact,
  type StoredSubject,
} from './load-registers.js';
export { reachOf, touchedBy } from './reach.js';
export { type ConsentWrite, raiseConsents } from './tables/consent-table.js';
export {
  contactKey,
  type ContactWrite,
  foldsOf,
  knownContacts,
  mergeContacts,
  tellsMore,
} from './tables/contact-table.js';
export { mergeCancellations, mergeOrderLines, type OrderLineWrite } from './tables/order-table.js';
export { appendOutbox, type OutboxMessage } from './tables/outbox-table.js';
export {
  insertStopActs,
  type StopAct,
  type StopActKind,
  STOP_CHANNEL,
} from './tables/stop-act-table.js';
export {
  carryStops,
  type LiftWrite,
  raiseLifts,
  raiseStops,
  settleJournalStops,
  type StopOrigin,
  type StopWrite,
} from './tables/stop-table.js';
export {
  lockSubjects,
  mergeSubjects,
  subjectKey,
  type SubjectName,
  type SubjectWrite,
} from './tables/subject-table.js';
export {
  adsSwitchOf,
  appendPermissionStates,
  permissionState,
  statusOf,
} from './permission-state.js';
export {
  endReader,
  insertReader,
  listReaders,
  type Reader,
  refsForReaders,
  sourcesOfReaders,
} from './tables/reader-table.js';
export {
  appendDecisions,
  DECISION_CHAIN,
  decisionContent,
  type DecisionRecord,
} from './tables/decision-table.js';
export {
  appendDisclosureStep,
  DISCLOSURE_CHAIN,
  disclosureContent,
  type DisclosureStep,
  disclosureSteps,
  newestDisclosures,
  takeDisclosures,
} from './tables/disclosure-table.js';
export {
  type DisclosedOrder,
  disclosedContacts,
  disclosedOrders,
  type DisclosureSubject,
  disclosureSubject,
} from './disclosed.js';
export {
  appendLedger,
  LEDGER_CHAIN,
  ledgerContent,
  type LedgerEntry,
  takeLedger,
} from './tables/ledger-table.js';
export {
  type AllowedContact,
  decidePersons,
  decideQuestions,
  type PersonDecision,
} from './decide-persons.js';
export { endedTerms, type TermPorts } from './end-terms.js';
export { type Freeze, isDisclosureFrozen, loadFreezes } from './freezes.js';
export {
  decideStored,
  decideStoredAt,
  type StoredDecision,
  type StoredQuestion,
} from './decide-stored.js';
export { findSubjects, type SubjectQuery } from './find-subjects.js';
export { type AddressOf, loadRecipient, loadRecipientAt } from './recipient-facts.js';
export { chainReader } from './tables/chain-reader.js';
export { bindVault, requireVault } from './tables/vault-table.js';
export {
  policyFolders,
  type PolicyFolders,
  readPolicyFiles,
  readTexts,
  readPolicySet,
} from './policy-files.js';
export { policiesInForce, policiesInForceAt, policiesKnown } from './live-policies.js';
export { renewSealing, takeSealing } from './sealing.js';
export {
  erasedSubjects,
  type ErasureWrite,
  insertErasures,
  subjectsUnderErasure,
  tokensUnderErasure,
} from './tables/erasure-table.js';
export { stopsInForce } from './stops-in-force.js';
export { answersOfEverybody, decideEverybody, type Waterfall } from './bulk/decide-all.js';
export { tryPolicy, type TriedUse } from './bulk/try-policy.js';
export { latest, mergeContact, mergeSubject } from './merging.js';
export { type ContactNamed, recordedBody } from './past/changes.js';
export { keptStops, recordRemains } from './past/remains.js';
export { ruledBy, type RuledBy } from './ruled-by.js';
