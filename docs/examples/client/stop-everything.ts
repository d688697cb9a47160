import type { KyokaClient } from '@kyoka/client';

/** The desk got a letter: stop every use, and tell what each network has confirmed by now. */
export async function stopEverything(
  kyoka: KyokaClient,
  ref: string,
  withinMs: number,
): Promise<{ barrierAt: string; networks: Record<string, string> }> {
  const { id } = await kyoka.suspend({
    subject: { source: 'store', ref },
    scope: { purposes: ['*'], channels: ['*'] },
  });
  const { barrierAt, removals } = await kyoka.untilConfirmed(id, withinMs);
  return {
    barrierAt,
    networks: Object.fromEntries(removals.map(({ recipient, state }) => [recipient, state])),
  };
}
