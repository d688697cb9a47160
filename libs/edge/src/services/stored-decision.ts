import { type Identity, recordAct } from '@kyoka/access';
import type { DecisionRecord } from '@kyoka/contracts';
import { type Clock, formatInstant, type Json } from '@kyoka/kernel';
import { inTransaction, type Pool, type Queryable } from '@kyoka/postgres';

type Body = Readonly<Record<string, Json>>;

interface Row {
  readonly id: string;
  readonly subject_id: string | null;
  readonly decided_at: Date;
  readonly body: Body;
}

/** What tells the files of a decision; one from before they were kept has none. */
type Ruled = Pick<DecisionRecord, 'files' | 'text'> | null | undefined;

/** A decision that somebody acted on, from its row alone; whose record was read is kept first. */
export function readDecision(
  { permissions, clock }: { readonly permissions: Pool; readonly clock: Clock },
  id: string,
  by: Identity,
): Promise<DecisionRecord | undefined> {
  return inTransaction(permissions, async (tx) => {
    const record = (await asked(tx, id)) ?? (await released(tx, id));
    if (record === undefined) return undefined;
    const detail = record.subject === undefined ? {} : { subject: record.subject };
    await recordAct(tx, { by, act: 'decision.read', target: id, at: clock(), detail });
    return record;
  });
}

async function asked(tx: Queryable, id: string): Promise<DecisionRecord | undefined> {
  const [row] = await tx.query<Row>(
    `select id, subject_id, decided_at, body from permissions.decision
     where id = $1 and not body ? 'shredded'`,
    [id],
  );
  if (row === undefined) return undefined;
  const { policy, request, recipient, decision, ruledBy } = row.body;
  const {
    policy: _inForce,
    reasons,
    ...answer
  } = decision as unknown as Pick<
    DecisionRecord,
    'allowed' | 'policy' | 'reasons' | 'basis' | 'rule' | 'source' | 'evidence'
  >;
  return {
    ...common(row, ruledBy as Ruled),
    kind: 'asked',
    ...(policy !== undefined && { policy: policy as string }),
    request: request as Record<string, unknown>,
    ...(recipient && { recipient: recipient as Record<string, unknown> }),
    ...answer,
    ...(!answer.allowed && reasons && { reasons }),
  };
}

async function released(tx: Queryable, id: string): Promise<DecisionRecord | undefined> {
  const [row] = await tx.query<Row>(
    `select id, subject_id, decided_at, body from audiences.v_release
     where id = $1 and not body ? 'shredded'`,
    [id],
  );
  if (row === undefined) return undefined;
  const { purpose, contentOwner, audience, actor, period, basis, rule, source, policy } = row.body;
  const { recipient, terms, destination, items, evidence, ruledBy } = row.body;
  return {
    ...common(row, ruledBy as Ruled),
    kind: 'release',
    allowed: true,
    policy: policy as string,
    request: known({ purpose, channel: 'ads', contentOwner, audience, recipient, actor, period }),
    recipient: known({ ...(terms as Body), id: recipient, destination, items }),
    ...known({ basis, rule, source }),
    evidence: evidence as unknown as string[],
  };
}

const common = ({ id, subject_id: subject, decided_at: at }: Row, ruled: Ruled) => ({
  id,
  ...(subject !== null && { subject }),
  decidedAt: formatInstant(at.getTime()),
  ...(ruled?.files && { files: ruled.files }),
  ...(ruled?.text !== undefined && { text: ruled.text }),
});

const known = (members: Readonly<Record<string, Json | undefined>>): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null),
  ) as Record<string, Json>;
