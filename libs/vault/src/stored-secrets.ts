import { createSecretKey } from 'node:crypto';
import { bindingOf, KEY_ID_BYTES, Opener, sealBroken, Sealer } from './sealing.js';

const SECRET_FORMAT = 3;

/** Seals secrets of the service's own that lie in the database, such as a publisher's key. */
export interface StoredSecrets {
  /** @param bind what the secret belongs to; whoever changes that, or moves it, can't open it */
  sealSecret(secret: Buffer, bind: readonly string[]): Buffer;
  /** @throws KyokaError `seal_broken` if it was changed, or belongs to something else */
  openSecret(sealed: Buffer, bind: readonly string[]): Buffer;
}

/** @param bytes the key, 32 bytes; nothing else may be sealed under it */
export function storedSecrets(bytes: Buffer): StoredSecrets {
  const key = createSecretKey(bytes);
  const sealer = new Sealer(key, Buffer.alloc(KEY_ID_BYTES, SECRET_FORMAT));
  const opener = new Opener();
  return {
    sealSecret: (secret, bind) => sealer.seal(secret, bindingOf(...bind)),
    openSecret(sealed, bind) {
      if (sealed[0] !== SECRET_FORMAT) throw sealBroken();
      return opener.open(sealed, bindingOf(...bind), () => key);
    },
  };
}
