import type { Actor } from '@kyoka/kernel';
import type { ConsentRegister, LiftRegister, StopRegister } from '@kyoka/permission';
import type { Queryable } from '@kyoka/postgres';
import type { ConsentRow, LiftRow, StopRow } from '@kyoka/schema';

/** What is asked about; without it every purpose and channel is. */
export interface Scope {
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
}

/** Text in the database, a word by the contracts that fill it. */
interface ByActor {
  actor: Actor;
}

export type Consent = ConsentRow & ByActor;

export type Register = Pick<
  StopRow | LiftRow,
  'subject_id' | 'fold' | 'kind' | 'purpose' | 'channel' | 'at' | 'evidence_id'
> &
  ByActor;

const SCOPE = `($2::text[] is null or purpose = '*' or purpose = any ($2)) and ($3::text[] is null or channel = '*' or channel = any ($3))`;

const asked = (scope: Scope | undefined): unknown[] => [
  scope?.purposes ?? null,
  scope?.channels ?? null,
];

/**
 * Who has or had one of these folded contact points and may bear on others who do: by a stop, a
 * withdrawal, or what may end one. Everybody else who shares it changes nothing for them, however
 * many they are.
 */
export function bearingSubjects(
  tx: Queryable,
  folds: readonly string[],
): Promise<{ fold: Buffer; subject_id: string }[]> {
  // A scalar subquery is looked up by index for each row, never hashed from the whole table.
  return tx.query(
    `select c.fold, c.subject_id from (
       select distinct fold, subject_id from permissions.v_contact_point
       where fold = any ($1::bytea[]) and class <> 'invalid'
     ) c
     where (select true from permissions.v_stop s where s.subject_id = c.subject_id limit 1)
        or (select true from permissions.v_lift l where l.subject_id = c.subject_id limit 1)
        or (select true from permissions.v_consent k where k.subject_id = c.subject_id
            and (k.act = 'withdrawn' or k.class = 'confirmed') limit 1)
     order by c.subject_id, c.fold`,
    [folds.map((fold) => Buffer.from(fold, 'hex'))],
  );
}

export function consentsOf(
  tx: Queryable,
  subjectIds: readonly string[],
  scope: Scope | undefined,
): Promise<Consent[]> {
  return tx.query<Consent>(
    `select * from permissions.v_consent where subject_id = any ($1::uuid[]) and ${SCOPE}`,
    [subjectIds, ...asked(scope)],
  );
}

/** Stops and lifts of these subjects and of these folded contact points. */
export function registersOf(
  tx: Queryable,
  subjectIds: readonly string[],
  folds: readonly string[],
  scope: Scope | undefined,
): Promise<(Register & { readonly register: 'stop' | 'lift' })[]> {
  const of = (register: 'stop' | 'lift', where: string): string =>
    `select '${register}' as register, subject_id, fold, kind, purpose, channel, at, evidence_id, actor
     from permissions.v_${register} where ${where} and ${SCOPE}`;
  const places = ['subject_id = any ($1::uuid[])', 'fold = any ($4::bytea[])'];
  return tx.query(
    places.flatMap((where) => [of('stop', where), of('lift', where)]).join('\nunion all\n'),
    [subjectIds, ...asked(scope), folds.map((fold) => Buffer.from(fold, 'hex'))],
  );
}

/** Id of the origin that a stop or lift counts from. */
export const originOf = (row: Register): string =>
  row.subject_id ?? (row.fold as Buffer).toString('hex');

export const stopFrom = (row: Register): StopRegister => registerFrom(row) as StopRegister;
export const liftFrom = (row: Register): LiftRegister => registerFrom(row) as LiftRegister;

function registerFrom(row: Register): Omit<StopRegister, 'kind'> & Pick<Register, 'kind'> {
  return {
    kind: row.kind,
    purpose: row.purpose,
    channel: row.channel,
    at: row.at.getTime(),
    evidenceId: row.evidence_id,
    actor: row.actor,
  };
}

export function consentFrom(row: Consent): ConsentRegister {
  return {
    purpose: row.purpose,
    channel: row.channel,
    recipient: row.recipient,
    act: row.act,
    class: row.class,
    at: row.at.getTime(),
    evidenceId: row.evidence_id,
    actor: row.actor,
    ...(row.policy_version === '' ? {} : { policyVersion: row.policy_version }),
  };
}
