import {
  type Decision,
  type DecisionQuestion,
  decideWith,
  factsChangeAfter,
  type Reason,
  type ReasonCode,
  type Terms,
  termsChangeAfter,
  termsOf,
} from '@kyoka/decision';
import {
  CHANNEL_CONTACT,
  type Channel,
  type ContactClass,
  type ContactKind,
  type Instant,
} from '@kyoka/kernel';
import type { Cell } from '@kyoka/permission';
import type { PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { cellsOf } from './cells.js';
import { type Freeze, loadFreezes } from './freezes.js';
import { loadPersons, type Person, type StoredContact } from './load-registers.js';
import { personFacts } from './person-facts.js';
import { adsSwitchOf } from './permission-state.js';
import type { Scope } from './register-rows.js';

/** A contact point that may be used. `sealed` opens for its subject and kind only. */
export interface AllowedContact {
  readonly kind: ContactKind;
  readonly class: ContactClass;
  readonly token: Buffer;
  /** The folded contact point, in hexadecimal. */
  readonly fold: string;
  readonly sealed: Buffer;
}

/** A contact point that may not be used, with every ground against it. */
interface RefusedContact {
  readonly kind: ContactKind;
  readonly token: Buffer;
  readonly reasons: readonly Reason[];
}

/** The decision about one stored person, over all contact points that the channel could use. */
export interface PersonDecision {
  readonly subjectId: string;
  readonly allowed: boolean;
  /** Empty if allowed; else every ground for the contact point that comes closest to being allowed. */
  readonly reasons: readonly Reason[];
  readonly basis?: string;
  /** Place in the policy or legal pack of what allows. */
  readonly rule?: string;
  /** The source that allows the use by itself. */
  readonly source?: string;
  readonly policy: string | null;
  readonly evidence: readonly string[];
  /** The contact points allowed for the use; empty if refused, or where the channel uses none. */
  readonly contacts: readonly AllowedContact[];
  /** The person's other contact points of the channel's kinds. */
  readonly refusedContacts: readonly RefusedContact[];
  /** Whether a stop reaches the person for the use. A switch that nobody touched is none. */
  readonly stopped: boolean;
  /**
   * The earliest moment at which time alone may change the answer: what the person's facts come to,
   * or, of somebody who isn't stored, the terms of the question, which are the same for everybody.
   * Absent where time changes nothing.
   */
  readonly changesAt?: Instant;
}

const STOPS: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'consent_withdrawn',
  'suppressed_objection',
  'suppressed_suspension',
  'suppressed_complaint',
  'suppressed_bounce',
  'suppressed_unfollowed',
  'suppressed_returned',
  'suppressed_erasure',
  'frozen',
]);

const ADS_KINDS: readonly ContactKind[] = ['email', 'phone'];

/** The kinds of contact point that a channel can use; none for the content of own pages. */
export function kindsOf(channel: string | undefined): readonly ContactKind[] {
  if (channel === 'ads') return ADS_KINDS;
  const kind = CHANNEL_CONTACT[channel as Channel];
  return kind === undefined ? [] : [kind];
}

/**
 * Decides one question about many stored people, each over all contact points that the channel
 * could use; with `only`, over that contact point where the channel uses its kind. People who
 * aren't stored are refused as unknown.
 *
 * @returns one decision per id, in the order of `subjectIds`
 */
export async function decidePersons(
  tx: Queryable,
  set: PolicySet,
  question: DecisionQuestion,
  subjectIds: readonly string[],
  only?: AskedContact,
): Promise<PersonDecision[]> {
  return (await decideAsked(tx, set, [{ question, subjectIds, only }]))[0] ?? [];
}

/** One contact point by which people are asked about. */
export interface AskedContact {
  readonly kind: ContactKind;
  readonly token: Buffer;
}

/** One question about many people. */
export interface Asked {
  readonly question: DecisionQuestion;
  readonly subjectIds: readonly string[];
  readonly only: AskedContact | undefined;
}

/**
 * The same for any number of questions, each about people of its own, from one reading of all of them:
 * the number of statements depends on neither.
 *
 * @returns for each question one decision per id, in the order of its `subjectIds`
 */
export async function decideAsked(
  tx: Queryable,
  set: PolicySet,
  asked: readonly Asked[],
): Promise<PersonDecision[][]> {
  const runs = asked.map(({ question, only }) => runOf(set, question, only));
  const persons = await loadPersons(
    tx,
    [...new Set(asked.flatMap(({ subjectIds }) => subjectIds))],
    scopeOf(runs),
  );
  const freezes = await loadFreezes(tx);
  return asked.map(({ subjectIds }, index) =>
    subjectIds.map((id) => decidePerson(id, persons.get(id), { ...(runs[index] as Run), freezes })),
  );
}

/**
 * Decides many questions about one stored person, each over all contact points that its channel
 * could use, from one reading of the person. Somebody who isn't stored is refused as unknown.
 *
 * @returns one decision per question, in their order
 */
export async function decideQuestions(
  tx: Queryable,
  set: PolicySet,
  subjectId: string,
  questions: readonly DecisionQuestion[],
): Promise<PersonDecision[]> {
  const person = (await loadPersons(tx, [subjectId])).get(subjectId);
  const freezes = await loadFreezes(tx);
  return questions.map((question) =>
    decidePerson(subjectId, person, { ...runOf(set, question, undefined), freezes }),
  );
}

/** What a question comes to, the same for everybody it is asked about. */
export interface Run {
  readonly terms: Terms;
  readonly cells: readonly Cell[];
  readonly kinds: readonly ContactKind[];
  readonly only: AskedContact | undefined;
}

export function runOf(
  set: PolicySet,
  question: DecisionQuestion,
  only: AskedContact | undefined,
): Run {
  const terms = termsOf(set, question);
  return { terms, cells: cellsOf(terms), kinds: kindsOf(question.request.channel), only };
}

/** What bears on any of these questions. */
const scopeOf = (runs: readonly Run[]): Scope => ({
  purposes: [...new Set(runs.flatMap(({ cells }) => cells.map(({ purpose }) => purpose)))],
  channels: [...new Set(runs.map(({ terms }) => terms.question.request.channel ?? ''))],
});

/** Decides a question about one person, or somebody unknown. */
export function decidePerson(
  subjectId: string,
  person: Person | undefined,
  run: Run & { readonly freezes: readonly Freeze[] },
): PersonDecision {
  if (person === undefined) {
    return {
      ...answerOf(subjectId, decideWith(run.terms, undefined), { allowed: [], refused: [] }, false),
      ...changing([termsChangeAfter(run.terms)]),
    };
  }
  const only = run.only !== undefined && run.kinds.includes(run.only.kind) ? run.only : undefined;
  const candidates = person.subject.contacts.filter(
    (contact) =>
      run.kinds.includes(contact.kind) &&
      contact.sources.length > 0 &&
      (only === undefined || (contact.kind === only.kind && contact.token.equals(only.token))),
  );
  const choices: readonly (StoredContact | undefined)[] =
    candidates.length === 0 ? [undefined] : candidates;
  const decided = choices.map((contact) => {
    const facts = personFacts(person, run.cells, contact, run.freezes, run.terms.at);
    return {
      contact,
      decision: decideWith(run.terms, facts),
      changesAt: factsChangeAfter(run.terms, facts),
    };
  });
  const allowed = decided.filter((one) => one.decision.allowed);
  const best =
    allowed[0] ??
    decided.reduce((left, right) => (groundsOf(right) < groundsOf(left) ? right : left));
  const contacts = { allowed: allowed.flatMap(allowedOf), refused: decided.flatMap(refusedOf) };
  return {
    ...answerOf(subjectId, best.decision, contacts, adsSwitchOf(person.subject) === 'off'),
    ...changing(decided.map(({ changesAt }) => changesAt)),
  };
}

function changing(moments: readonly (Instant | undefined)[]): { readonly changesAt?: Instant } {
  const known = moments.filter((one) => one !== undefined);
  return known.length === 0 ? {} : { changesAt: Math.min(...known) };
}

interface Decided {
  readonly contact: StoredContact | undefined;
  readonly decision: Decision;
}

function allowedOf({ contact }: Decided): AllowedContact[] {
  if (contact === undefined) return [];
  const { kind, token, fold, sealed } = contact;
  return [{ kind, class: contact.class, token, fold, sealed }];
}

function refusedOf({ contact, decision }: Decided): RefusedContact[] {
  if (contact === undefined || decision.allowed) return [];
  return [{ kind: contact.kind, token: contact.token, reasons: decision.reasons }];
}

const groundsOf = ({ decision }: Decided): number =>
  decision.allowed ? 0 : decision.reasons.length;

function answerOf(
  subjectId: string,
  decision: Decision,
  contacts: {
    readonly allowed: readonly AllowedContact[];
    readonly refused: readonly RefusedContact[];
  },
  adsOff: boolean,
): PersonDecision {
  const { policy, evidence } = decision;
  return decision.allowed
    ? {
        subjectId,
        allowed: true,
        reasons: [],
        basis: decision.basis,
        rule: decision.rule,
        ...(decision.source === undefined ? {} : { source: decision.source }),
        policy,
        evidence,
        contacts: contacts.allowed,
        refusedContacts: contacts.refused,
        stopped: false,
      }
    : {
        subjectId,
        allowed: false,
        reasons: decision.reasons,
        policy,
        evidence,
        contacts: [],
        refusedContacts: contacts.refused,
        stopped: decision.reasons.some(
          ({ code }) => STOPS.has(code) || (adsOff && code === 'ads_switch_off'),
        ),
      };
}
