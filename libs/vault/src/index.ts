export { CHECKPOINT_PUBLIC_KEY_FILE, openVault } from './open-vault.js';
export type { OpenVaultOptions } from './open-vault.js';
export { copyKeys, destroyKeySet } from './key-sets.js';
export type { CheckpointSigner } from './checkpoint-signer.js';
export type { KeyStore, StoredBlob } from './key-store.js';
export type { FolderPublisher, FolderPublishers } from './folder-publishers.js';
export type { StoredSecrets } from './stored-secrets.js';
export { createVaultKeys, loadVault } from './vault.js';
export type { SealBind, Vault } from './vault.js';
