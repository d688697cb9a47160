import type { KyokaClient } from '@kyoka/client';

/** Of many members, those who may be written to, and how often each reason kept somebody out. */
export async function chooseWhom(
  kyoka: KyokaClient,
  refs: readonly string[],
): Promise<{ chosen: string[]; refused: Record<string, number> }> {
  const answers = await kyoka.decideAll(
    refs.map((ref) => ({
      id: ref,
      policy: 'almado@1',
      subject: { source: 'store', ref },
      request: { purpose: 'info_product', channel: 'email' },
    })),
  );
  const refused: Record<string, number> = {};
  for (const { code } of answers.flatMap(({ reasons = [] }) => reasons)) {
    refused[code] = (refused[code] ?? 0) + 1;
  }
  const chosen = answers.flatMap(({ id, allowed }) => (allowed && id !== undefined ? [id] : []));
  return { chosen, refused };
}
