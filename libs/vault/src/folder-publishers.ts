import type { Instant } from '@kyoka/kernel';
import type { WrappedKeys } from './wrapping.js';

/** A publisher as key folders kept it before publishers lay in the database. */
export interface FolderPublisher {
  readonly kid: string;
  /** 32 bytes as base64url. */
  readonly key: string;
  readonly name: string;
  readonly sources: readonly string[];
  readonly types: readonly string[];
  /** The last instant at which an event of this key is taken. */
  readonly validUntil: Instant;
  readonly revokedAt?: Instant;
}

/** What is left in the key folder of publishers registered there; a start moves it to the database. */
export interface FolderPublishers {
  /** @throws KyokaError `seal_broken` for an entry that was edited, renamed or put back */
  list(): Promise<FolderPublisher[]>;
  /** Once it lies elsewhere. */
  destroy(kid: string): Promise<void>;
}

const PREFIX = 'publisher-';

export function folderPublishers(keys: WrappedKeys): FolderPublishers {
  return {
    async list() {
      const found: FolderPublisher[] = [];
      for (const name of await keys.names(PREFIX)) {
        const stored = await keys.read(name);
        // The blob is authenticated, so its form is the one that a registration wrote.
        if (stored) found.push(JSON.parse(stored.bytes.toString()) as FolderPublisher);
      }
      return found;
    },
    destroy: (kid) => keys.destroy(PREFIX + kid),
  };
}
