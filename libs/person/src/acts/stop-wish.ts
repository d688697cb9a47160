import { ANY, type Channel } from '@kyoka/kernel';
import type { Cell } from '../view/page-cells.js';
import type { PageAct } from './page-event.js';

/**
 * What a person stops on their page: one cell; a channel; ads that follow behaviour; everything they
 * may refuse (orders go on); or every use there is.
 */
export type StopWish =
  | { readonly stop: 'cell'; readonly cell: Cell }
  | { readonly stop: 'channel'; readonly channel: Channel }
  | { readonly stop: 'ads' | 'advertising' | 'every_use' };

type Draft = Pick<PageAct, 'type' | 'data'>;

const withdrawn = (purpose: string, channels: readonly string[], recipient?: string): Draft => ({
  type: 'jp.kyoka.consent.withdrawn.v1',
  data: { purpose, channels: [...channels], ...(recipient !== undefined && { recipient }) },
});
const ADS_OFF: Draft = { type: 'jp.kyoka.adsswitch.changed.v1', data: { state: 'off' } };

/** The acts that a wish comes to. All of them go in one batch, so they count together or not at all. */
export function stopDrafts(wish: StopWish): readonly Draft[] {
  switch (wish.stop) {
    case 'cell': {
      const { purpose, channel, recipient } = wish.cell;
      return [withdrawn(purpose, [channel], recipient)];
    }
    case 'channel':
      return wish.channel === 'ads'
        ? [withdrawn(ANY, ['ads']), ADS_OFF]
        : [withdrawn(ANY, [wish.channel])];
    case 'ads':
      return [ADS_OFF];
    case 'advertising':
      return [withdrawn(ANY, [ANY]), ADS_OFF];
    case 'every_use':
      return [
        {
          type: 'jp.kyoka.suspension.requested.v1',
          data: { scope: { purposes: [ANY], channels: [ANY] } },
        },
      ];
  }
}

/** The acts of a one-click link: its scope, purpose by purpose. */
export const oneClickDrafts = (scope: {
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
}): readonly Draft[] => scope.purposes.map((purpose) => withdrawn(purpose, scope.channels));
