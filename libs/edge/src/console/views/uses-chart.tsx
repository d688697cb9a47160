import { BarChart, REASON_WORDS, useFormats, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import type { PeopleSummary, UseSummary } from '../../summary/summary.js';
import { FRAME } from '../words/frame.js';
import { HOME } from '../words/home.js';
import { useNames } from './use-names.js';

/** How many reasons are named one by one. */
const REASONS_SHOWN = 3;

/** Whom each use may reach today: a chart for each purpose, a bar for each channel. */
export function UsesCharts({ people }: { people: PeopleSummary }): VNode {
  const purposes = Map.groupBy(people.uses, ({ policy, purpose }) => `${policy} ${purpose}`);
  return (
    <>
      {[...purposes].map(([key, uses]) => (
        <PurposeChart key={key} uses={uses} decided={people.decided} />
      ))}
    </>
  );
}

function PurposeChart({ uses, decided }: { uses: readonly UseSummary[]; decided: number }): VNode {
  const say = useWords(HOME);
  const frame = useWords(FRAME);
  const { number, percent } = useFormats();
  const { channel, purpose } = useNames();
  const reasons = useReasons();
  const [first] = uses;
  return (
    <BarChart
      caption={
        first === undefined ? '' : `${purpose(first.purpose, first.policy)} (${first.policy})`
      }
      headings={[frame('channel'), say('allowedOf'), frame('share')]}
      bars={uses.map((use) => {
        const share = decided === 0 ? 0 : use.allowed / decided;
        return {
          label: channel(use),
          aside: reasons(use),
          amount: `${number(use.allowed)} (${percent(share)})`,
          kind: 'whole',
          start: 0,
          length: share,
        };
      })}
    />
  );
}

function useReasons(): (use: UseSummary) => string {
  const say = useWords(HOME);
  const word = useWords(REASON_WORDS);
  const { number } = useFormats();
  return ({ reasons }) => {
    const others = reasons.slice(REASONS_SHOWN).reduce((sum, one) => sum + one.records, 0);
    return [
      ...reasons
        .slice(0, REASONS_SHOWN)
        .map(({ code, records }) => say('reasonOf', { reason: word(code), n: number(records) })),
      ...(others > 0 ? [say('others', { n: number(others) })] : []),
    ].join(' · ');
  };
}
