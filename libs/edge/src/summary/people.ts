import type { ReasonCode } from '@kyoka/decision';
import { type Instant, tokyoDay } from '@kyoka/kernel';
import { type AddressOf, decidePersons, loadRecipient } from '@kyoka/permission-store';
import type { Policy, PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { policiesInForce } from '../services/policies-in-force.js';
import type { PeopleSummary, UseSummary } from './summary.js';

/** Most records that are decided. Ids are random, so the first of them are a fair sample. */
const SAMPLE = 5_000;
const CHUNK = 1_000;

/** Who asks: nobody acts on these answers. */
const ACTOR = 'kyoka:summary';

interface Cell {
  readonly policy: string;
  readonly purpose: string;
  readonly label: string;
  readonly channel: string;
  readonly recipient?: string;
}

/**
 * Whom each marketing use of the policies in force may reach today. The same decision answers as
 * everywhere, so these numbers are what a campaign or an audience would get.
 *
 * @param db under the role `kyoka_permissions`
 */
export async function readPeople(
  db: Queryable,
  policies: PolicySet,
  addressOf: AddressOf,
  at: Instant,
): Promise<PeopleSummary> {
  const records = await db.query<{ source: string; records: number }>(
    `select source, count(*)::integer as records from permissions.v_subject
      group by source order by records desc, source`,
  );
  const ids = await db.query<{ id: string }>(
    `select subject_id as id from permissions.v_subject order by subject_id limit ${SAMPLE}`,
  );
  const set = await policiesInForce(db, policies);
  const uses: UseSummary[] = [];
  for (const cell of await cellsOf(db, set)) {
    uses.push(
      await decideCell(
        db,
        set,
        cell,
        ids.map((row) => row.id),
        { addressOf, at },
      ),
    );
  }
  return {
    records,
    total: records.reduce((sum, row) => sum + row.records, 0),
    decided: ids.length,
    uses,
  };
}

async function cellsOf(db: Queryable, set: PolicySet): Promise<Cell[]> {
  const recipients = await db.query<{ id: string }>(
    'select id from audiences.v_recipient order by id',
  );
  const known = new Set(recipients.map((row) => row.id));
  return [...set.policies].flatMap(([version, policy]) => cellsOfPolicy(version, policy, known));
}

function cellsOfPolicy(policy: string, file: Policy, recipients: ReadonlySet<string>): Cell[] {
  return file.purposes
    .filter((purpose) => purpose.kind === 'marketing')
    .flatMap(({ id: purpose, label }) =>
      channelsOf(file, purpose).flatMap((channel): Cell[] => {
        const cell = { policy, purpose, label, channel };
        if (channel !== 'ads') return [cell];
        return (file.ad_matching?.recipients ?? [])
          .filter(({ id }) => recipients.has(id))
          .map(({ id: recipient }) => ({ ...cell, recipient }));
      }),
    );
}

/** The channels that the policy names for a purpose, for any category. */
function channelsOf({ grants }: Policy, purpose: string): string[] {
  return [
    ...new Set(
      grants
        .filter((grant) => grant.purpose === purpose)
        .flatMap(({ channels }) => (channels === 'by_consent' ? [] : channels)),
    ),
  ];
}

async function decideCell(
  db: Queryable,
  set: PolicySet,
  cell: Cell,
  ids: readonly string[],
  { addressOf, at }: { addressOf: AddressOf; at: Instant },
): Promise<UseSummary> {
  const { policy, purpose, channel, recipient } = cell;
  const facts = recipient === undefined ? undefined : await loadRecipient(db, recipient, addressOf);
  const today = tokyoDay(at);
  const question = {
    policy,
    at,
    request: {
      purpose,
      channel,
      contentOwner: 'own' as const,
      actor: ACTOR,
      use: { from: today, to: today, users: [ACTOR] },
      ...(recipient !== undefined && { recipient }),
    },
    ...(facts && { recipient: facts }),
  };
  const refusals = new Map<ReasonCode, number>();
  let allowed = 0;
  for (let start = 0; start < ids.length; start += CHUNK) {
    for (const answer of await decidePersons(db, set, question, ids.slice(start, start + CHUNK))) {
      const code = answer.reasons[0]?.code;
      if (code === undefined) allowed += 1;
      else refusals.set(code, (refusals.get(code) ?? 0) + 1);
    }
  }
  return {
    ...cell,
    allowed,
    refused: ids.length - allowed,
    reasons: [...refusals]
      .map(([code, records]) => ({ code, records }))
      .sort((a, b) => b.records - a.records || (a.code < b.code ? -1 : 1)),
  };
}
