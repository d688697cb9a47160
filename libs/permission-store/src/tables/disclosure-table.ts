import { formatInstant, type Instant, type Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { appendBlock, lockHead } from './block-table.js';

/** One step of a case of exceptional disclosure. */
export interface DisclosureStep {
  readonly id: string;
  readonly caseId: string;
  /** `null` where nobody was known. */
  readonly subjectId: string | null;
  readonly step: 'opened' | 'approved' | 'refused' | 'handed_over';
  /** When the case was opened, in each of its steps. */
  readonly openedAt: Instant;
  readonly at: Instant;
  /** Names, tokens and what people wrote of the third party; never a contact value. */
  readonly body: Readonly<Record<string, Json>>;
}

export const DISCLOSURE_CHAIN = 'disclosure';

/** What the chain covers of a row: every column but the place in the chain itself. */
export const disclosureContent = ({ caseId, subjectId, ...step }: DisclosureStep): Json => ({
  ...step,
  case: caseId,
  subject: subjectId,
});

/** Takes the end of the chain until the transaction ends: cases go on one after another. */
export async function takeDisclosures(tx: Queryable): Promise<void> {
  await lockHead(tx, DISCLOSURE_CHAIN);
}

/** Adds a step as the next block of its chain. A case takes each step once. */
export async function appendDisclosureStep(tx: Queryable, step: DisclosureStep): Promise<void> {
  const block = await appendBlock(tx, DISCLOSURE_CHAIN, [disclosureContent(step)], step.at);
  await tx.query(
    `insert into permissions.disclosure_step
       (id, chain, block, index, case_id, subject_id, step, opened_at, at, body)
     values ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9)`,
    [
      step.id,
      DISCLOSURE_CHAIN,
      block,
      step.caseId,
      step.subjectId,
      step.step,
      formatInstant(step.openedAt),
      formatInstant(step.at),
      JSON.stringify(step.body),
    ],
  );
}

interface Row {
  readonly id: string;
  readonly case_id: string;
  readonly subject_id: string | null;
  readonly step: DisclosureStep['step'];
  readonly opened_at: Date;
  readonly at: Date;
  readonly body: Record<string, Json>;
}

/** Steps of cases, in the order in which they were taken. Those whose records ended are not there. */
async function readSteps(
  db: Queryable,
  which: string,
  parameters: readonly unknown[],
): Promise<DisclosureStep[]> {
  const rows = await db.query<Row>(
    `select id, case_id, subject_id, step, opened_at, at, body from permissions.disclosure_step
     where not body ? 'shredded' and ${which} order by block`,
    parameters,
  );
  return rows.map((row) => ({
    id: row.id,
    caseId: row.case_id,
    subjectId: row.subject_id,
    step: row.step,
    openedAt: row.opened_at.getTime(),
    at: row.at.getTime(),
    body: row.body,
  }));
}

/** The steps of one case, or of every case about a subject. */
export const disclosureSteps = (
  db: Queryable,
  of: { readonly caseId: string } | { readonly subjectId: string },
): Promise<DisclosureStep[]> =>
  'caseId' in of
    ? readSteps(db, 'case_id = $1', [of.caseId])
    : readSteps(db, 'subject_id = $1', [of.subjectId]);

/** The steps of the newest cases, or of those opened before one of them. */
export const newestDisclosures = (
  db: Queryable,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<DisclosureStep[]> =>
  readSteps(
    db,
    `case_id in (
       select c.case_id from permissions.disclosure_step c
       where c.step = 'opened' and not c.body ? 'shredded' and ($1::uuid is null or (c.opened_at, c.case_id) < (
         select a.opened_at, a.case_id from permissions.disclosure_step a
         where a.case_id = $1 and a.step = 'opened'))
       order by c.opened_at desc, c.case_id desc limit $2)`,
    [after ?? null, limit],
  );
