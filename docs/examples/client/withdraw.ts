import type { KyokaClient } from '@kyoka/client';

/** A customer unticked the newsletter in the shop. The id follows from the act, so sending it twice is no harm. */
export async function withdraw(
  kyoka: KyokaClient,
  act: { readonly id: string; readonly ref: string; readonly at: string },
): Promise<string> {
  const [answer] = await kyoka.publish([
    {
      specversion: '1.0',
      id: act.id,
      source: 'store',
      type: 'jp.kyoka.consent.withdrawn.v1',
      time: act.at,
      datacontenttype: 'application/json',
      data: {
        subject: { source: 'store', ref: act.ref },
        purpose: 'info_product',
        channels: ['email'],
        occurredAt: act.at,
        evidence: { id: `unticked-${act.id}`, actor: 'subject', form: 'account-page' },
      },
    },
  ]);
  return answer?.outcome ?? 'refused';
}
