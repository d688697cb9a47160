import type { Actor } from '@kyoka/access';
import type { DisclosureAnswer, DisclosureRequest } from '@kyoka/contracts';
import type { DisclosureStanding } from '@kyoka/decision';
import { type FieldFault, formatInstant, type Instant, type Json } from '@kyoka/kernel';
import type { DisclosureStep } from '@kyoka/permission-store';
import type { DisclosureNeed } from '@kyoka/policy';

/** Who took a step, and everybody who stood behind their credential. */
interface StepBy {
  readonly by: string;
  readonly standingBehind: readonly string[];
}

/** What the first step of a case keeps. */
export type OpenedBody = StepBy &
  Omit<DisclosureRequest, 'subject' | 'until'> &
  DisclosureStanding & {
    /** Last moment of the last day. */
    readonly until?: string;
  };

type DecidedBody = StepBy & { readonly reason: string };

/** A case as its steps make it. */
export interface DisclosureCaseRecord {
  readonly id: string;
  readonly subjectId: string | null;
  readonly openedAt: Instant;
  readonly opened: OpenedBody;
  readonly decided?: DecidedBody & { readonly approved: boolean; readonly at: Instant };
  readonly handedOver?: Pick<Actor, 'owner'> & { readonly at: Instant };
}

/** The cases of some steps, in the order of their opening. */
export function casesOf(steps: readonly DisclosureStep[]): DisclosureCaseRecord[] {
  return [...Map.groupBy(steps, ({ caseId }) => caseId).values()].flatMap((own) => {
    const [opened, ...later] = own;
    if (opened?.step !== 'opened') return [];
    const decided = later.find(({ step }) => step === 'approved' || step === 'refused');
    const handedOver = later.find(({ step }) => step === 'handed_over');
    return [
      {
        id: opened.caseId,
        subjectId: opened.subjectId,
        openedAt: opened.openedAt,
        opened: opened.body as unknown as OpenedBody,
        ...(decided && {
          decided: {
            ...(decided.body as unknown as DecidedBody),
            approved: decided.step === 'approved',
            at: decided.at,
          },
        }),
        ...(handedOver && {
          handedOver: { owner: (handedOver.body as unknown as StepBy).by, at: handedOver.at },
        }),
      },
    ];
  });
}

/** How a case stands at a moment. */
export function stateOf(
  { opened, decided, handedOver }: DisclosureCaseRecord,
  at: Instant,
): DisclosureAnswer['state'] {
  if (opened.reasons.length > 0) return 'lacking';
  if (handedOver) return 'handed_over';
  if (decided && !decided.approved) return 'refused';
  if (opened.until !== undefined && Date.parse(opened.until) < at) return 'over';
  return decided ? 'approved' : 'open';
}

/** Where a request says what a ground needs. */
const STATED_IN: Readonly<Record<DisclosureNeed, FieldFault>> = {
  paper: { field: 'paper', expected: 'the document that was put before us: reference and date' },
  basis: { field: 'statements.basis', expected: 'the law and article that it rests on' },
  obstacle: {
    field: 'statements.obstacle',
    expected: 'why consent is hard to get, or asking would hinder',
  },
  need: { field: 'statements.need', expected: 'why it is particularly needed' },
  research: { field: 'statements.research', expected: 'for what research it is needed' },
  balance: {
    field: 'statements.balance',
    expected: 'why the rights of the person are not unduly harmed',
  },
};

/** What a request states, of what grounds may need. */
export const statedIn = ({
  paper,
  statements,
}: Pick<DisclosureRequest, 'paper' | 'statements'>): ReadonlySet<DisclosureNeed> =>
  new Set([
    ...(paper === undefined ? [] : (['paper'] as const)),
    ...(Object.keys(statements ?? {}) as Exclude<DisclosureNeed, 'paper'>[]),
  ]);

export function disclosureAnswerOf(record: DisclosureCaseRecord, at: Instant): DisclosureAnswer {
  const { opened, decided, handedOver, openedAt } = record;
  const { policy, ground, article, party, paper, items, statements = {}, until, untold } = opened;
  return {
    id: record.id,
    ...(record.subjectId !== null && { subject: record.subjectId }),
    state: stateOf(record, at),
    policy,
    ground,
    ...(article !== undefined && { article }),
    party,
    ...(paper && { paper }),
    items: [...items],
    statements: { ...statements },
    ...(until !== undefined && { until }),
    ...(untold && { untold }),
    reasons: opened.reasons.map((reason) => ({ ...reason })),
    missing: [
      ...opened.missing.map((need) => STATED_IN[need]),
      ...(until === undefined ? [{ field: 'until', expected: 'the last day' }] : []),
    ],
    opened: { by: opened.by, at: formatInstant(openedAt) },
    ...(decided && {
      decided: { by: decided.by, at: formatInstant(decided.at), reason: decided.reason },
    }),
    ...(handedOver && {
      handedOver: { by: handedOver.owner, at: formatInstant(handedOver.at) },
    }),
  };
}

/** A body without the fields that nobody gave, as the chain can hold it. */
export const bodyOf = (body: object): Readonly<Record<string, Json>> =>
  JSON.parse(JSON.stringify(body)) as Record<string, Json>;
