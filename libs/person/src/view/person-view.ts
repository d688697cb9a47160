import type { ReasonCode } from '@kyoka/decision';
import {
  ANY,
  type Channel,
  type ContactKind,
  type Instant,
  isKyokaError,
  tokyoDay,
} from '@kyoka/kernel';
import {
  adsSwitchOf,
  decideQuestions,
  loadPersons,
  loadRecipient,
  type Person,
  type PersonDecision,
  type StoredContact,
} from '@kyoka/permission-store';
import type { Purpose } from '@kyoka/policy';
import { queryable, type Queryable } from '@kyoka/postgres';
import { type Holding, readHoldings, recipientNames } from '@kyoka/release';
import type { PersonPorts } from '../ports.js';
import { type EvidenceShown, evidenceOf } from './evidence.js';
import { isAllowable } from './liftable.js';
import { mask } from './mask.js';
import { type Cell, neededPurposes, refusableCells } from './page-cells.js';
import { type AppliedPolicy, policyOf } from './policy-of.js';
import { ownStops, type OwnStop } from './own-stops.js';

/** How one cell stands today, and why. */
export interface CellView extends Cell {
  readonly allowed: boolean;
  /** Why it isn't; empty if it is. */
  readonly reasons: readonly ReasonCode[];
  /** What it rests on: recorded consent, the policy's clause, … */
  readonly basis: string | undefined;
  readonly evidence: readonly EvidenceShown[];
  /** Whether the person's confirmed wish could allow it. */
  readonly allowable: boolean;
}

export interface PurposeView {
  readonly purpose: Purpose;
  readonly cells: readonly CellView[];
}

/** A contact point that a confirmation can be sent to. */
export interface MailTarget {
  readonly token: Buffer;
  readonly masked: string;
}

/** Everything that the preference page shows. No contact value is in it, and no order. */
export interface PersonView {
  readonly subjectId: string;
  /** None where no policy in force knows the person: then nothing is allowed, and all can still be stopped. */
  readonly policy: AppliedPolicy | undefined;
  readonly purposes: readonly PurposeView[];
  /** What the company does because the person asked for it, and whether that is stopped, too. */
  readonly needed: readonly { readonly purpose: Purpose; readonly stopped: boolean }[];
  readonly adsSwitch: 'on' | 'off' | undefined;
  readonly contacts: readonly { readonly kind: ContactKind; readonly masked: string }[];
  readonly mailTargets: readonly MailTarget[];
  /** Recipients outside the company that hold, or may hold, something of the person now. */
  readonly holdings: readonly Holding[];
  readonly recipientNames: ReadonlyMap<string, string>;
  /** Newest first. */
  readonly stops: readonly OwnStop[];
}

/** Reads what the page of a subject shows, and changes nothing. `undefined` where nobody is stored. */
export async function readPersonView(
  ports: PersonPorts,
  subjectId: string,
): Promise<PersonView | undefined> {
  const db = queryable(ports.permissions);
  const person = (await loadPersons(db, [subjectId])).get(subjectId);
  const set = await ports.policiesInForce(db);
  if (person === undefined) return undefined;

  const policy = policyOf(set, person.subject);
  const { category } = person.subject;
  const cells = policy === undefined ? [] : refusableCells(policy.policy, category);
  const needed = policy === undefined ? [] : neededPurposes(policy.policy, category);
  const now = ports.clock();
  const asked: Cell[] = [
    ...cells,
    ...needed.map(({ id }) => ({ purpose: id, channel: anyOf(person) })),
  ];
  const decided = await decideQuestions(
    db,
    set,
    subjectId,
    await Promise.all(asked.map((cell) => questionOf(db, ports, policy?.key ?? '', cell, now))),
  );
  const evidence = await evidenceOf(
    db,
    subjectId,
    decided.flatMap((one) => one.evidence),
  );
  const shown = cells.map((cell, index) =>
    viewOf(cell, decided[index] as PersonDecision, evidence),
  );
  return {
    subjectId,
    policy,
    purposes: purposesOf(policy?.policy.purposes ?? [], shown),
    needed: needed.map((purpose, index) => ({
      purpose,
      stopped: decided[cells.length + index]?.stopped === true,
    })),
    adsSwitch: adsSwitchOf(person.subject),
    ...contactsOf(ports, person),
    holdings: await readHoldings(db, subjectId),
    recipientNames: await recipientNames(db),
    stops: await ownStops(db, subjectId),
  };
}

/** The page asks what anybody of the company could do today: the period is today's, and the actor is named. */
const ASKING = 'role:person_page';

async function questionOf(
  db: Queryable,
  { addressOf }: Pick<PersonPorts, 'addressOf'>,
  policy: string,
  { purpose, channel, recipient: id }: Cell,
  at: Instant,
) {
  const day = tokyoDay(at);
  const recipient = id === undefined ? undefined : await loadRecipient(db, id, addressOf);
  return {
    policy,
    at,
    request: {
      purpose,
      ...(channel !== ANY && { channel }),
      contentOwner: 'own' as const,
      ...(id !== undefined && { recipient: id }),
      actor: ASKING,
      use: { from: day, to: day, users: [ASKING] },
    },
    ...(recipient && { recipient }),
  };
}

const anyOf = ({ subject }: Person): Channel =>
  subject.contacts.some(({ kind }) => kind === 'email') ? 'email' : 'dm';

function viewOf(
  cell: Cell,
  { allowed, reasons, basis, evidence: ids }: PersonDecision,
  evidence: ReadonlyMap<string, EvidenceShown>,
): CellView {
  const codes = [...new Set(reasons.map(({ code }) => code))];
  return {
    ...cell,
    allowed,
    reasons: codes,
    basis,
    evidence: ids.flatMap((id) => evidence.get(id) ?? []),
    allowable: !allowed && cell.channel !== ANY && isAllowable(codes),
  };
}

/** A cell that the company couldn't use whatever the person said is left out: it would only confuse. */
const isShown = (cell: CellView): boolean =>
  cell.allowed || !cell.reasons.some((code) => HOPELESS.has(code));
const HOPELESS: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'contact_missing',
  'unknown_recipient',
  'recipient_incomplete',
  'channel_not_named',
  'category_not_granted',
]);

function purposesOf(purposes: readonly Purpose[], cells: readonly CellView[]): PurposeView[] {
  return purposes.flatMap((purpose) => {
    const ofOne = cells.filter((cell) => cell.purpose === purpose.id && isShown(cell));
    return ofOne.length === 0 ? [] : [{ purpose, cells: ofOne }];
  });
}

function contactsOf(
  { vault }: Pick<PersonPorts, 'vault'>,
  { subject }: Person,
): Pick<PersonView, 'contacts' | 'mailTargets'> {
  const usable = subject.contacts.filter(
    (contact) => contact.sources.length > 0 && contact.class !== 'invalid',
  );
  const masked = usable.map((contact) => ({
    ...contact,
    masked: maskedValue(vault, subject.id, contact),
  }));
  return {
    contacts: masked.map(({ kind, masked: shown }) => ({ kind, masked: shown })),
    mailTargets: masked
      .filter(
        (contact) => contact.kind === 'email' && contact.class !== 'relay' && contact.masked !== '',
      )
      .map(({ token, masked: shown }) => ({ token, masked: shown })),
  };
}

const isUnreadable = ({ code }: { readonly code: string }): boolean =>
  code === 'key_missing' || code === 'seal_broken';

/** After an erasure, or where it was lost, nobody can read the value: then there is nothing to show. */
function maskedValue(
  vault: PersonPorts['vault'],
  subject: string,
  { kind, sealed }: StoredContact,
): string {
  try {
    return mask(kind, vault.open(sealed, { subject, field: kind }));
  } catch (fault) {
    if (isKyokaError(fault) && isUnreadable(fault)) return '';
    throw fault;
  }
}
