import { recordAct } from '@kyoka/access';
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
    async register(request, by) {
      const { owner } = by;
      const at = clock();
      await registerRecipient(audiences, request, owner, at, (tx) =>
        recordAct(tx, { by, act: 'recipient.registered', target: request.id, at }),
      );
      return { ...request, registeredBy: owner, registeredAt: formatInstant(at) };
    },
  };
}
