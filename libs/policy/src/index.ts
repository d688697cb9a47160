export { type PolicyFault } from './faults.js';
export { filingComplete, type FloorCode, type WeakerPoint, weakerPoints } from './floor-checks.js';
export { policyJsonSchemas, schemaFiles } from './json-schemas.js';
export { type LegalPack } from './legal-pack-schema.js';
export { policyDiff, type PolicyDifference } from './policy-diff.js';
export { mayBeRelated, undeclaredGains } from './policy-gains.js';
export { policySheet } from './policy-sheet.js';
export { type PurposeUse, type UseBasis, usesOf } from './policy-uses.js';
export { type MissingItem, missingItems } from './published-items.js';
export {
  type Grant,
  type GrantedChannels,
  leavesChannelsOpen,
  namedChannels,
  type Policy,
  type Purpose,
} from './policy-schema.js';
export {
  parsePolicy,
  parsePolicySet,
  type PolicyFile,
  type PolicyFiles,
  policyKey,
  type PolicySet,
} from './policy-set.js';
export { type PublishedText } from './text-checks.js';
export { allowsPurpose, type SourceContract } from './source-contract-schema.js';
export {
  CONTENT_OWNERS,
  type ContentOwner,
  DISCLOSURE_NEEDS,
  type DisclosureNeed,
  PROVISION_BASES,
  type ProvisionBasis,
  PURPOSE_KINDS,
  type PurposeKind,
  RECIPIENT_KINDS,
  type RecipientKind,
} from './words.js';
