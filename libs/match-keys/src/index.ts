export type { Network } from '@kyoka/contact';
export { networkForm } from './contacts.js';
export type { MatchableKind } from './contacts.js';
export type { RejectReason } from './formed.js';
export { hashForm, matchKey, NETWORKS } from './match-key.js';
export type { MatchKey, Sha256Hex } from './match-key.js';
