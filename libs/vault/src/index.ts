export { CHECKPOINT_PUBLIC_KEY_FILE, openVault } from './open-vault.js';
export type { OpenVaultOptions } from './open-vault.js';
export type { CheckpointSigner } from './checkpoint-signer.js';
export type { KeyStore, StoredBlob } from './key-store.js';
export type {
  PublisherEntry,
  PublisherGrant,
  PublisherRegistry,
  RegisteredPublisher,
} from './publisher-registry.js';
export { createVaultKeys, loadVault } from './vault.js';
export type { SealBind, Vault } from './vault.js';
