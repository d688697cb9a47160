import { type ChainSource, storedChains, type StoredEntries } from '@kyoka/evidence';
import type { Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { RELEASE_CHAIN, releaseContent } from './tables/release-table.js';

/** Blocks read at once; a block holds up to a whole request of releases. */
const PAGE = 20;

interface ReleaseRow {
  readonly id: string;
  readonly subject_id: string;
  readonly attempt_id: string;
  readonly decided_at: Date;
  readonly body: Record<string, Json>;
}

const RELEASES: StoredEntries<ReleaseRow> = {
  table: 'audiences.release',
  content: (row) =>
    releaseContent(
      { id: row.id, subjectId: row.subject_id, attemptId: row.attempt_id, body: row.body },
      row.decided_at.getTime(),
    ),
};

/** The chain of releases as it is stored now. */
export const releaseChainReader = (db: Queryable): ChainSource =>
  storedChains(db, 'audiences', { entries: { [RELEASE_CHAIN]: RELEASES }, page: PAGE });
