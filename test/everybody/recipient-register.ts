import { type RecipientFacts } from '@kyoka/decision';
import { type Instant, tokyoDay } from '@kyoka/kernel';
import type { Pool } from '@kyoka/postgres';
import { changeSwitch, type Recipient, registerRecipient } from '@kyoka/release';
import { bothSwitchOn, partyOf } from '../release/harness/index.js';

/** The register of recipients, brought to what questions say of them. */
export class RecipientRegister {
  readonly #pool: Pool;
  readonly #now: Instant;
  /** What each entry is known to say. */
  readonly #entries = new Map<string, string>();

  /** @param pool under the role `kyoka_audiences` */
  constructor(pool: Pool, now: Instant) {
    this.#pool = pool;
    this.#now = now;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /**
   * Makes the entry say what these facts do, switched on where they say so.
   *
   * @param reach the network that the recipient is reached through, and its address there
   */
  async set(
    facts: RecipientFacts,
    reach?: { readonly network: string; readonly destination: string },
  ): Promise<void> {
    const { enabled, reviewedAt, ...terms } = facts;
    const entry = JSON.stringify([facts, reach]);
    if (this.#entries.get(facts.id) === entry) return;
    const target = { target: 'recipient', id: facts.id } as const;
    if (this.has(facts.id)) {
      const off = { act: 'off', reason: 'test' } as const;
      await changeSwitch(this.#pool, target, off, { by: 'user:sato', at: this.#now });
    }
    const recipient = {
      ...terms,
      ...(reach && { network: reach.network }),
      ...(reviewedAt !== undefined && { reviewedAt: tokyoDay(reviewedAt) }),
      party: partyOf(facts.id),
    } as Recipient;
    await registerRecipient(this.#pool, recipient, 'user:sato', this.#now);
    if (enabled === true) await bothSwitchOn(this.#pool, target, reach?.destination);
    this.#entries.set(facts.id, entry);
  }
}
