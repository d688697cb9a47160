import { formatInstant } from '@kyoka/kernel';
import { type ConsentRegister, consentKey, latestPer } from '@kyoka/permission';
import type { Queryable } from '@kyoka/postgres';

export interface ConsentWrite extends ConsentRegister {
  readonly subjectId: string;
  /** The ledger entry that holds the act. */
  readonly entry: string;
}

/** Raises consent registers to later acts; earlier ones change nothing. */
export async function raiseConsents(tx: Queryable, writes: readonly ConsentWrite[]): Promise<void> {
  const latest = latestPer(writes, (write) => `${write.subjectId}:${consentKey(write)}`);
  if (latest.length === 0) return;
  await tx.query(
    `insert into permissions.consent as c
       (subject_id, purpose, channel, recipient, act, class, at, evidence_id, actor, policy_version, entry)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
       $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::uuid[])
     order by 1, 2, 3, 4, 5, 6
     on conflict (subject_id, purpose, channel, recipient, act, class) do update set
       at = excluded.at, evidence_id = excluded.evidence_id, actor = excluded.actor,
       policy_version = excluded.policy_version, entry = excluded.entry
     where (excluded.at, excluded.evidence_id collate "C", excluded.actor collate "C", excluded.policy_version collate "C")
       > (c.at, c.evidence_id collate "C", c.actor collate "C", c.policy_version collate "C")`,
    [
      latest.map((write) => write.subjectId),
      latest.map((write) => write.purpose),
      latest.map((write) => write.channel),
      latest.map((write) => write.recipient),
      latest.map((write) => write.act),
      latest.map((write) => write.class),
      latest.map((write) => formatInstant(write.at)),
      latest.map((write) => write.evidenceId),
      latest.map((write) => write.actor),
      latest.map((write) => write.policyVersion ?? ''),
      latest.map((write) => write.entry),
    ],
  );
}
