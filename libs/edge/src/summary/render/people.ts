import { REASON_WORDS } from '@kyoka/pages';
import type { PeopleSummary, UseSummary } from '../summary.js';
import { amount, heading, number, wrap } from './layout.js';

const REASONS_SHOWN = 3;

export function renderPeople({ records, total, decided, uses }: PeopleSummary): string[] {
  const bySource = records.map((row) => `${row.source} ${number(row.records)}`).join(', ');
  return [
    heading('People', `${number(total)} records; a person may have several`),
    ...(bySource === '' ? [] : wrap('  ', bySource)),
    ...(decided < total ? [`  Counted on ${number(decided)} records taken at random.`] : []),
    ...(uses.length === 0
      ? ['  No policy is switched on, so nothing may be done with any of them.']
      : ['', '  May be used today, and the first reason why not:']),
    ...purposesOf(uses).flatMap(renderPurpose),
  ];
}

const purposesOf = (uses: readonly UseSummary[]): UseSummary[][] => [
  ...Map.groupBy(uses, ({ policy, purpose }) => `${policy} ${purpose}`).values(),
];

function renderPurpose(uses: readonly UseSummary[]): string[] {
  const [first] = uses;
  return first === undefined
    ? []
    : [
        ...wrap(`  ${first.purpose}: `, `${first.label} (${first.policy})`),
        ...uses.flatMap((use) =>
          wrap(`    ${placeOf(use).padEnd(13)}${amount(use.allowed)}  `, reasonsOf(use)),
        ),
      ];
}

const placeOf = ({ channel, recipient }: UseSummary): string =>
  recipient === undefined ? channel : `${channel} ${recipient}`;

function reasonsOf({ reasons }: UseSummary): string {
  const shown = reasons.slice(0, REASONS_SHOWN);
  const others = reasons.slice(REASONS_SHOWN).reduce((sum, one) => sum + one.records, 0);
  return [
    ...shown.map(({ code, records }) => `${REASON_WORDS[code].en} ${number(records)}`),
    ...(others > 0 ? [`other reasons ${number(others)}`] : []),
  ].join(', ');
}
