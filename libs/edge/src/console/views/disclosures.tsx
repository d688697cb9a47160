import type { SubjectAnswer } from '@kyoka/contracts';
import { DataTable, useFormats, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import { FRAME } from '../words/frame.js';
import { PEOPLE } from '../words/people.js';
import { useNames } from './use-names.js';

/** What was handed over of a person without consent, and whether they may learn of it. */
export function Disclosures({ disclosures }: Pick<SubjectAnswer, 'disclosures'>): VNode {
  const say = useWords(PEOPLE);
  const frame = useWords(FRAME);
  const { item } = useNames();
  const { moment } = useFormats();
  return (
    <DataTable
      caption={say('disclosures')}
      rows={disclosures}
      columns={[
        { title: frame('when'), names: true, cell: ({ at }) => moment(at) },
        { title: say('party'), cell: ({ party }) => party },
        { title: say('ground'), cell: ({ article, ground }) => article ?? ground },
        { title: say('items'), cell: ({ items }) => items.map(item).join(', ') },
        { title: frame('policy'), cell: ({ policy }) => policy },
        { title: say('told'), cell: ({ untold }) => say(untold ? 'untold' : 'mayBeTold') },
      ]}
    />
  );
}
