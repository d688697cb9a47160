import { policyKey, type PolicySet } from '@kyoka/policy';
import { holds } from './expression.js';
import type { DecisionCase, PersonFacts } from './facts.js';
import { type Person, PERSON_ATOMS, type PersonAtom, personOf } from './person-atoms.js';
import { placeOf } from './places.js';
import type { ReasonCode } from './reason-codes.js';
import { REQUEST_ATOMS, type RequestAtom } from './request-atoms.js';
import { RULES } from './rules/index.js';
import type { AtomName } from './rules/rule.js';
import { type Terms, termsOf } from './terms.js';

export interface Reason {
  readonly code: ReasonCode;
  /** A place in the policy file, a source contract or the legal pack. */
  readonly rule: string;
  readonly detail: string;
}

/** What an allowed use rests on: a recorded consent, the policy's own clause, or a duty of the law. */
export type DecisionBasis = 'consent' | 'policy_clause' | 'duty';

interface Answer {
  readonly id?: string;
  readonly policy: string | null;
  /** Ids of the evidence behind the consents and stops that were read. */
  readonly evidence: readonly string[];
}

export interface Allowed extends Answer {
  readonly allowed: true;
  readonly basis: DecisionBasis;
  /** The grant of the policy, or the duty of the legal pack, that allows it. */
  readonly rule: string;
  /** The source that allows the use by itself, where sources matter. */
  readonly source?: string;
}

export interface Refused extends Answer {
  readonly allowed: false;
  /** Every ground that applies, one entry a code, in the order of the closed list. */
  readonly reasons: readonly Reason[];
}

export type Decision = Allowed | Refused;

/**
 * The one decision: may this person's data be used, on this channel, for this purpose, at that
 * moment, and what proves it. A refusal is an answer; nothing is thrown for a well-formed case.
 */
export function decide(set: PolicySet, asked: DecisionCase): Decision {
  const decision = decideWith(termsOf(set, asked), asked.facts);
  return asked.id === undefined ? decision : { id: asked.id, ...decision };
}

/** The same for one of many people of a run whose terms were read once. */
export function decideWith(terms: Terms, facts: PersonFacts | undefined): Decision {
  const person = personOf(terms, facts);
  const atom = atomReader(terms, person);
  const reasons = RULES.flatMap(({ code, grounds }): Reason[] => {
    const applying = grounds.filter(({ when }) => holds(when, atom));
    const [first] = applying;
    if (!first) return [];
    const detail = [...new Set(applying.map((ground) => ground.detail))].join('; ');
    return [{ code, rule: placeOf(first.rule, terms, person), detail }];
  });
  const policy = terms.policy ? policyKey(terms.policy) : null;
  const evidence = evidenceOf(terms, person);
  if (reasons.length > 0) return { allowed: false, reasons, policy, evidence };
  return {
    allowed: true,
    basis: basisOf(terms, person),
    rule: placeOf('{grant}', terms, person),
    ...(person.source.allows === undefined ? {} : { source: person.source.allows }),
    policy,
    evidence,
  };
}

/** Every atom of a case by name, as the rules see it. */
export function atomsOf(set: PolicySet, asked: DecisionCase): Readonly<Record<AtomName, boolean>> {
  const terms = termsOf(set, asked);
  const atom = atomReader(terms, personOf(terms, asked.facts));
  const names = [...Object.keys(REQUEST_ATOMS), ...Object.keys(PERSON_ATOMS)] as AtomName[];
  return Object.fromEntries(names.map((name) => [name, atom(name)])) as Record<AtomName, boolean>;
}

const isRequestAtom = (name: AtomName): name is RequestAtom => Object.hasOwn(REQUEST_ATOMS, name);

function atomReader(terms: Terms, person: Person): (name: AtomName) => boolean {
  const read = new Map<AtomName, boolean>();
  return (name) => {
    const known = read.get(name);
    if (known !== undefined) return known;
    const value = isRequestAtom(name)
      ? REQUEST_ATOMS[name].of(terms)
      : PERSON_ATOMS[name satisfies PersonAtom].of(terms, person);
    read.set(name, value);
    return value;
  };
}

function basisOf(terms: Terms, { facts, standing }: Person): DecisionBasis {
  if (terms.purpose?.kind === 'duty') return 'duty';
  const byConsent = terms.basis === 'consent' || terms.byConsent.has(facts?.category ?? '');
  return byConsent || (terms.basis === 'clause' && standing.grant) ? 'consent' : 'policy_clause';
}

function evidenceOf(terms: Terms, { facts, standing }: Person): readonly string[] {
  const read = [
    standing.grant,
    standing.provision,
    standing.withdrawal,
    ...standing.stops.values(),
    ...(ofOlderVersion(terms, facts) ? standing.renewals.values() : []),
  ];
  const ids = new Set(read.map((one) => one?.evidence ?? '').filter((id) => id !== ''));
  return [...ids].sort((one, other) => (one < other ? -1 : 1));
}

/** Whether the data came in under a version that doesn't carry the purpose, so a consent anew has to. */
const ofOlderVersion = ({ versions }: Terms, facts: Person['facts']): boolean =>
  versions.get(facts?.acquired?.policyVersion ?? '')?.has(facts?.category ?? '') === false;
