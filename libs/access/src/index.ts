export { actChainReader } from './act-chain-reader.js';
export { recordAct, type ActName, type NewAct } from './acts.js';
export type { Actor, Identity } from './identity.js';
export { accessTokens, type AccessTokens } from './tokens.js';
