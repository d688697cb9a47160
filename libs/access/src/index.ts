export { type Access, type AccessTerms, openAccess } from './access.js';
export { actChainReader } from './act-chain-reader.js';
export { recordAct, type ActName, type NewAct } from './acts.js';
export { actingRole, mayActAs, namedAs } from './named.js';
export { type Actor, type Identity, standingBehind } from './identity.js';
export type { ProviderSettings } from './provider.js';
export type { BegunSession, SigningIn } from './sign-in.js';
export { accessTokens } from './tokens.js';
export type { TokenAdmin } from './token-admin.js';
