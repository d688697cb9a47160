import type { KyokaClient } from '@kyoka/client';

/**
 * The desk got a letter: stop every use, and tell what each network has confirmed by now. No network
 * means that none held the person only once all were `searched`; a token without `subjects:read` is never
 * told that they were.
 */
export async function stopEverything(
  kyoka: KyokaClient,
  ref: string,
  withinMs: number,
): Promise<{ barrierAt: string; searched: boolean; networks: Record<string, string> }> {
  const { id } = await kyoka.suspend({
    subject: { source: 'store', ref },
    scope: { purposes: ['*'], channels: ['*'] },
  });
  const { barrierAt, followed, removals } = await kyoka.untilConfirmed(id, withinMs);
  return {
    barrierAt,
    searched: followed,
    networks: Object.fromEntries(removals.map(({ recipient, state }) => [recipient, state])),
  };
}
