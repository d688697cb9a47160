/** A named blob of wrapped keys, as it was last stored. */
export interface StoredBlob {
  /** 1 for the first, rising by one with each change. */
  readonly revision: number;
  readonly blob: Buffer;
}

/**
 * Where wrapped keys lie: a folder here, a key service elsewhere. It sees ciphertext only. Several
 * processes may use one store at the same time.
 */
export interface KeyStore {
  /** Names that begin with `prefix`, sorted. */
  names(prefix: string): Promise<string[]>;
  load(name: string): Promise<StoredBlob | undefined>;
  /**
   * Stores `blob` as this revision, durably, and destroys the revisions before it.
   *
   * @returns false, with nothing changed, if the name has this revision or a later one already
   */
  store(name: string, revision: number, blob: Buffer): Promise<boolean>;
  /** Destroys every revision of the name. */
  destroy(name: string): Promise<void>;
}
