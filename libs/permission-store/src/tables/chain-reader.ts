import { type ChainSource, storedChains, type StoredEntries } from '@kyoka/evidence';
import type { Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { DISCLOSURE_CHAIN, disclosureContent, type DisclosureStep } from './disclosure-table.js';
import { DECISION_CHAIN, decisionContent } from './decision-table.js';
import { LEDGER_CHAIN, ledgerContent } from './ledger-table.js';

/** Blocks read at once. */
const PAGE = 500;

interface ContentRow {
  readonly id: string;
  readonly subject_id: string | null;
  readonly body: Record<string, Json>;
  readonly act: string;
  readonly act_at: Date;
  readonly arrived_at: Date;
  readonly decided_at: Date;
  readonly case_id: string;
  readonly step: DisclosureStep['step'];
  readonly opened_at: Date;
  readonly at: Date;
}

const ENTRIES: Readonly<Record<string, StoredEntries<ContentRow>>> = {
  [LEDGER_CHAIN]: {
    table: 'permissions.ledger',
    content: (row) =>
      ledgerContent(
        {
          id: row.id,
          subjectId: row.subject_id,
          act: row.act,
          at: row.act_at.getTime(),
          body: row.body,
        },
        row.arrived_at.getTime(),
      ),
  },
  [DECISION_CHAIN]: {
    table: 'permissions.decision',
    content: (row) =>
      decisionContent(
        { id: row.id, subjectId: row.subject_id, body: row.body },
        row.decided_at.getTime(),
      ),
  },
  [DISCLOSURE_CHAIN]: {
    table: 'permissions.disclosure_step',
    content: (row) =>
      disclosureContent({
        id: row.id,
        caseId: row.case_id,
        subjectId: row.subject_id,
        step: row.step,
        openedAt: row.opened_at.getTime(),
        at: row.at.getTime(),
        body: row.body,
      }),
  },
};

/** The chains of the context `permissions` as they are stored now. */
export const chainReader = (db: Queryable): ChainSource =>
  storedChains(db, 'permissions', { entries: ENTRIES, page: PAGE });
