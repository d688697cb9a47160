import type { KyokaClient } from '@kyoka/client';

/** Before a mailer writes to a member of the store: the answer is stored, and its id goes with the mail. */
export async function mayWrite(kyoka: KyokaClient, ref: string): Promise<string | undefined> {
  const { allowed, decisionId } = await kyoka.decide({
    policy: 'almado@1',
    subject: { source: 'store', ref },
    request: { purpose: 'info_product', channel: 'email' },
    record: true,
  });
  return allowed ? decisionId : undefined;
}
