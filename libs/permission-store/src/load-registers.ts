import type { Actor, ContactClass, ContactKind, Instant } from '@kyoka/kernel';
import type { ConsentRegister, LiftRegister, Origin, StopRegister } from '@kyoka/permission';
import type { Queryable } from '@kyoka/postgres';
import type { ConsentRow, ContactPointRow, LiftRow, StopRow, SubjectRow } from '@kyoka/schema';

/** A contact point of a stored subject. `sealed` is its ciphertext, bound to the subject and the kind. */
export interface StoredContact {
  readonly kind: ContactKind;
  readonly token: Buffer;
  readonly fold: string;
  readonly class: ContactClass;
  readonly line: string | null;
  readonly sources: readonly string[];
  readonly confirmedAt: Instant | null;
  readonly sealed: Buffer;
}

export interface StoredSubject {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  readonly category: string | null;
  readonly acquired: {
    readonly source: string;
    readonly at: Instant;
    readonly policyVersion: string | null;
    readonly noticeShown: boolean | null;
  } | null;
  readonly registeredAt: Instant | null;
  readonly cancelledAt: Instant | null;
  readonly adsOnAt: Instant | null;
  readonly adsOffAt: Instant | null;
  readonly contacts: readonly StoredContact[];
}

/** One stored subject with everything that may bear on a purpose and channel of it. */
export interface Person {
  readonly subject: StoredSubject;
  readonly origins: readonly Origin[];
}

export interface Scope {
  readonly purpose: string;
  readonly channel: string;
}

const instant = (value: Date | null): Instant | null => (value === null ? null : value.getTime());

type ViewedSubject = Omit<SubjectRow, 'id'> & { subject_id: string };

type Contact = Pick<
  ContactPointRow,
  | 'subject_id'
  | 'kind'
  | 'token'
  | 'fold'
  | 'class'
  | 'line'
  | 'sources'
  | 'confirmed_at'
  | 'sealed'
>;

/** Text in the database, a word by the contracts that fill it. */
interface ByActor {
  actor: Actor;
}

type Consent = ConsentRow & ByActor;

type Register = Pick<
  StopRow | LiftRow,
  'subject_id' | 'fold' | 'kind' | 'purpose' | 'channel' | 'at' | 'evidence_id'
> &
  ByActor;

const SCOPE = `($2::text is null or purpose in ($2, '*')) and ($3::text is null or channel in ($3, '*'))`;

/**
 * Reads subjects with the registers that bear on one purpose and channel (without `scope`: on any): their own, those of the
 * contact points they have or had, and those of every subject that shares one of these (one step).
 * A handful of statements whatever the number of ids; unknown ids are left out of the answer.
 */
export async function loadPersons(
  tx: Queryable,
  subjectIds: readonly string[],
  scope?: Scope,
): Promise<Map<string, Person>> {
  if (subjectIds.length === 0) return new Map();
  const subjects = await tx.query<ViewedSubject>(
    'select * from permissions.v_subject where subject_id = any ($1::uuid[])',
    [subjectIds],
  );
  const contacts = groupBy(await contactsOf(tx, subjectIds), (row) => row.subject_id);
  const shared = await sharingSubjects(tx, subjectIds);
  const everybody = [...new Set([...subjectIds, ...shared.map((row) => row.sharing)])];
  const folds = foldsIn([...contacts.values()].flat());

  const consents = groupBy(
    await tx.query<Consent>(
      `select * from permissions.v_consent where subject_id = any ($1::uuid[]) and ${SCOPE}`,
      [everybody, scope?.purpose ?? null, scope?.channel ?? null],
    ),
    (row) => row.subject_id,
  );
  const stops = groupBy(await registers(tx, 'v_stop', everybody, folds, scope), originOf);
  const lifts = groupBy(await registers(tx, 'v_lift', everybody, folds, scope), originOf);

  const origin = (
    id: string,
    relation: Origin['relation'],
    ofFolds: readonly string[],
  ): Origin => ({
    id,
    relation,
    folds: ofFolds,
    consents: (consents.get(id) ?? []).map(consentFrom),
    stops: (stops.get(id) ?? []).map((row) => registerFrom(row) as StopRegister),
    lifts: (lifts.get(id) ?? []).map((row) => registerFrom(row) as LiftRegister),
  });
  const sharedBy = groupBy(shared, (row) => row.asked);

  return new Map(
    subjects.map((row) => {
      const own = contacts.get(row.subject_id) ?? [];
      const ownFolds = foldsIn(own);
      const sharing = groupBy(sharedBy.get(row.subject_id) ?? [], (link) => link.sharing);
      return [
        row.subject_id,
        {
          subject: subjectFrom(row, own),
          origins: [
            origin(row.subject_id, 'self', ownFolds),
            ...[...sharing].map(([id, links]) =>
              origin(
                id,
                'sharing',
                links.map((link) => link.fold.toString('hex')),
              ),
            ),
            ...ownFolds.map((fold) => origin(fold, 'contact', [fold])),
          ],
        },
      ];
    }),
  );
}

function contactsOf(tx: Queryable, subjectIds: readonly string[]): Promise<Contact[]> {
  return tx.query<Contact>(
    `select subject_id, kind, token, fold, class, line, sources, confirmed_at, sealed
     from permissions.v_contact_point where subject_id = any ($1::uuid[]) order by subject_id, kind, token`,
    [subjectIds],
  );
}

/** Folded contact points that can tie people: what isn't one, such as the word "none", is shared by strangers. */
const foldsIn = (contacts: readonly Contact[]): string[] => [
  ...new Set(
    contacts.filter((row) => row.class !== 'invalid').map((row) => row.fold.toString('hex')),
  ),
];

function sharingSubjects(
  tx: Queryable,
  subjectIds: readonly string[],
): Promise<{ asked: string; sharing: string; fold: Buffer }[]> {
  return tx.query(
    `select distinct mine.subject_id as asked, other.subject_id as sharing, mine.fold
     from permissions.v_contact_point mine
     join permissions.v_contact_point other on other.fold = mine.fold and other.class <> 'invalid'
     where mine.subject_id = any ($1::uuid[]) and mine.class <> 'invalid' and other.subject_id <> mine.subject_id`,
    [subjectIds],
  );
}

async function registers(
  tx: Queryable,
  view: 'v_stop' | 'v_lift',
  subjectIds: readonly string[],
  folds: readonly string[],
  scope: Scope | undefined,
): Promise<Register[]> {
  return tx.query<Register>(
    `select subject_id, fold, kind, purpose, channel, at, evidence_id, actor
     from permissions.${view} where subject_id = any ($1::uuid[]) and ${SCOPE}
     union all
     select subject_id, fold, kind, purpose, channel, at, evidence_id, actor
     from permissions.${view} where fold = any ($4::bytea[]) and ${SCOPE}`,
    [
      subjectIds,
      scope?.purpose ?? null,
      scope?.channel ?? null,
      folds.map((fold) => Buffer.from(fold, 'hex')),
    ],
  );
}

const originOf = (row: Register): string => row.subject_id ?? (row.fold as Buffer).toString('hex');

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

function consentFrom(row: Consent): ConsentRegister {
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

function subjectFrom(row: ViewedSubject, contacts: readonly Contact[]): StoredSubject {
  return {
    id: row.subject_id,
    source: row.source,
    ref: row.ref,
    category: row.category,
    acquired:
      row.acquired_source === null || row.acquired_at === null
        ? null
        : {
            source: row.acquired_source,
            at: row.acquired_at.getTime(),
            policyVersion: row.policy_version,
            noticeShown: row.notice_shown,
          },
    registeredAt: instant(row.registered_at),
    cancelledAt: instant(row.cancelled_at),
    adsOnAt: instant(row.ads_on_at),
    adsOffAt: instant(row.ads_off_at),
    contacts: contacts.map((contact) => ({
      kind: contact.kind,
      token: contact.token,
      fold: contact.fold.toString('hex'),
      class: contact.class,
      line: contact.line,
      sources: contact.sources,
      confirmedAt: instant(contact.confirmed_at),
      sealed: contact.sealed,
    })),
  };
}

function groupBy<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const id = key(row);
    const group = groups.get(id);
    if (group) group.push(row);
    else groups.set(id, [row]);
  }
  return groups;
}
