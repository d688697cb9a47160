import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KyokaError } from '@kyoka/kernel';
import { bindingOf, KEY_ID_BYTES, Opener, sealBroken, Sealer } from './sealing.js';
import type { WrappedKeys } from './wrapping.js';

const DATED_FORMAT = 2;
const PREFIX = 'dated-';

/**
 * Keys that hold for what arrived on one day and are destroyed after their term, so that a parked
 * original becomes unreadable everywhere, in older dumps too.
 */
export class DatedKeys {
  readonly #keys: WrappedKeys;
  readonly #loaded = new Map<string, { key: KeyObject; sealer: Sealer }>();
  readonly #opener = new Opener();

  constructor(keys: WrappedKeys) {
    this.#keys = keys;
  }

  async seal(plain: Buffer, day: string, bind: string): Promise<Buffer> {
    const keyId = keyIdOf(day);
    let held = this.#loaded.get(day);
    if (!held) {
      const bytes = await this.#keys.ensure(PREFIX + day, () => randomBytes(32));
      held = this.#hold(day, bytes, keyId);
    }
    return held.sealer.seal(plain, bindingOf(bind));
  }

  async open(sealed: Buffer, bind: string): Promise<Buffer> {
    if (sealed[0] !== DATED_FORMAT || sealed.length < KEY_ID_BYTES) throw sealBroken();
    const day = dayOf(sealed);
    let held = this.#loaded.get(day);
    if (!held) {
      const found = await this.#keys.read(PREFIX + day);
      if (!found) throw new KyokaError('key_missing', 'the dated key was destroyed after its term');
      held = this.#hold(day, found.bytes, keyIdOf(day));
    }
    const { key } = held;
    return this.#opener.open(sealed, bindingOf(bind), () => key);
  }

  /** @returns the days whose key is gone now */
  async destroyBefore(day: string): Promise<string[]> {
    const days = (await this.#keys.names(PREFIX)).map((name) => name.slice(PREFIX.length));
    const past = days.filter((candidate) => candidate < day);
    for (const each of past) {
      await this.#keys.destroy(PREFIX + each);
    }
    for (const each of this.#loaded.keys()) if (each < day) this.#loaded.delete(each);
    this.#opener.forget();
    return past;
  }

  #hold(day: string, bytes: Buffer, keyId: Buffer) {
    const key = createSecretKey(bytes);
    const held = this.#loaded.get(day) ?? { key, sealer: new Sealer(key, keyId) };
    this.#loaded.set(day, held);
    return held;
  }
}

function keyIdOf(day: string): Buffer {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new KyokaError('bad_input', 'a day is YYYY-MM-DD');
  const keyId = Buffer.alloc(KEY_ID_BYTES);
  keyId.writeUInt8(DATED_FORMAT, 0);
  keyId.writeUIntBE(Number(day.replaceAll('-', '')), 1, KEY_ID_BYTES - 1);
  return keyId;
}

function dayOf(sealed: Buffer): string {
  const digits = String(sealed.readUIntBE(1, KEY_ID_BYTES - 1)).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}
