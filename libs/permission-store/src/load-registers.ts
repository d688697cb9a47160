import type { TermBounds } from '@kyoka/decision';
import type { ContactClass, ContactKind, Instant } from '@kyoka/kernel';
import type { Origin } from '@kyoka/permission';
import type { Queryable } from '@kyoka/postgres';
import type { ContactPointRow, SubjectRow } from '@kyoka/schema';
import { loadTerms } from './tables/term-table.js';
import { loadOrigins } from './origins.js';
import type { Scope } from './register-rows.js';

/** A contact point of a stored subject. `sealed` is its ciphertext, bound to the subject and the kind. */
export interface StoredContact {
  readonly kind: ContactKind;
  readonly token: Buffer;
  readonly fold: string;
  readonly class: ContactClass;
  readonly line: string | null;
  /** Who supplied it for use. One without serves reach alone: it came with a stop or feedback, and nothing may be sent there. */
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

/** One stored subject with everything that may bear on the purposes and channels asked for. */
export interface Person {
  readonly subject: StoredSubject;
  readonly origins: readonly Origin[];
  /** What stands as over; loaded where the whole state of the person is asked for. */
  readonly terms?: TermBounds;
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

/**
 * Reads subjects with the registers that bear on some purposes and channels (without `scope`: on
 * any): their own, those of the contact points they have or had, and those of every subject that
 * shares one of these (one step). A handful of statements whatever the number of ids; unknown ids
 * are left out of the answer.
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
  const contacts = Map.groupBy(await contactsOf(tx, subjectIds), (row) => row.subject_id);
  const contactsById = (id: string): readonly Contact[] => contacts.get(id) ?? [];
  const originsOf = await loadOrigins(
    tx,
    new Map(subjects.map(({ subject_id: id }) => [id, foldsIn(contactsById(id))])),
    scope,
  );
  const terms = scope === undefined ? { terms: await loadTerms(tx) } : {};
  return new Map(
    subjects.map((row) => [
      row.subject_id,
      {
        ...terms,
        subject: subjectFrom(row, contactsById(row.subject_id)),
        origins: originsOf(row.subject_id),
      },
    ]),
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
