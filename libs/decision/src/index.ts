export {
  type Allowed,
  atomsOf,
  decide,
  decideWith,
  type Decision,
  type DecisionBasis,
  type Reason,
  type Refused,
} from './decide.js';
export {
  DISCLOSABLE_ITEMS,
  type DisclosableItem,
  type DisclosureCase,
  type DisclosureStanding,
  disclosureStanding,
  EXCEPTIONAL_DISCLOSURE,
} from './disclosure.js';
export { type Expression, holds } from './expression.js';
export type {
  AcquisitionFact,
  ConsentFact,
  ContactPointFact,
  DecisionCase,
  DecisionQuestion,
  DecisionRequest,
  PersonFacts,
  RecipientFacts,
  SuppressionFact,
  Use,
} from './facts.js';
export { factsChangeAfter, termsChangeAfter } from './next-change.js';
export { parseCase, type ParsedCase } from './parse-case.js';
export { PERSON_ATOMS, type PersonAtom } from './person-atoms.js';
export { REASON_CODES, type ReasonCode } from './reason-codes.js';
export { REQUEST_ATOMS, type RequestAtom } from './request-atoms.js';
export { RULES } from './rules/index.js';
export type { AtomName, Ground, Rule } from './rules/rule.js';
export { type Bind, Bindings } from './sql/bindings.js';
export { stopBit } from './sql/facts-relation.js';
export { reasonsOfMask, refusalsSql } from './sql/refusals.js';
export { type SourceTerms } from './source-terms.js';
export { type TermBounds, termBounds } from './term-bounds.js';
export { type Terms, termsOf } from './terms.js';
