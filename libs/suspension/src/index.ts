export { type AddFacts, landsBy, type ProcessingTimes } from './landing.js';
export {
  type ConfirmationBasis,
  type LastSend,
  lookAgainAt,
  nextStep,
  type RemovalFacts,
  type RemovalStatus,
  type RemovalTimes,
  retryAt,
  type Step,
} from './removal.js';
