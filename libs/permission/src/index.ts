export { effectiveAt, FUTURE_TOLERANCE } from './dating.js';
export { outranks, proofOf } from './proof.js';
export {
  type ConsentClass,
  type ConsentRegister,
  consentKey,
  isLater,
  latestPer,
  type LiftKind,
  liftKey,
  type LiftRegister,
  type RegisteredStop,
  stopKey,
  type StopRegister,
} from './registers.js';
export { permissionsOf, type StandingPermission, type StandingStop, stopsOf } from './overview.js';
export {
  type Cell,
  consentsIn,
  ENDED_BY,
  type Origin,
  stopEndedAt,
  type Suppression,
  suppressionsIn,
} from './standing.js';
