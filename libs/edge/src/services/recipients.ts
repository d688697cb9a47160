import { type Clock, formatInstant } from '@kyoka/kernel';
import type { Pool } from '@kyoka/postgres';
import { registerRecipient } from '@kyoka/release';
import type { RecipientsPort } from '../ports.js';

/** The register of recipients. */
export function recipientsService({
  audiences,
  clock,
}: {
  /** Under the role `kyoka_audiences`. */
  readonly audiences: Pool;
  readonly clock: Clock;
}): RecipientsPort {
  return {
    async register(request, { owner }) {
      const at = clock();
      await registerRecipient(audiences, request, owner, at);
      return { ...request, registeredBy: owner, registeredAt: formatInstant(at) };
    },
  };
}
