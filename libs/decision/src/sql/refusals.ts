import type { Expression } from '../expression.js';
import { REASON_CODES, type ReasonCode } from '../reason-codes.js';
import { REQUEST_ATOMS, type RequestAtom } from '../request-atoms.js';
import { RULES } from '../rules/index.js';
import type { AtomName } from '../rules/rule.js';
import type { Terms } from '../terms.js';
import type { Bind } from './bindings.js';
import { PERSON_PREDICATES } from './person-predicates.js';
import { allOf, anyOf, notOf, type Predicate } from './predicate.js';

/**
 * The refusals of a question as one SQL expression over the relation `f`: a bigint with a bit for each
 * reason that applies, 0 where the use is allowed. It is generated from the table that `decide()`
 * reads; what depends on the request alone is decided here, so that only a person's facts are left.
 *
 * @param terms of one question
 * @param bind takes the values of the statement
 */
export function refusalsSql(terms: Terms, bind: Bind): string {
  const atom = atomReader(terms, bind);
  const bits = RULES.flatMap(({ code, grounds }) => {
    const when = anyOf(grounds.map((ground) => predicateOf(ground.when, atom)));
    if (when === false) return [];
    const bit = `${1n << BigInt(REASON_CODES.indexOf(code))}`;
    return [
      when === true ? `${bit}::bigint` : `(case when ${when} then ${bit} else 0 end)::bigint`,
    ];
  });
  return bits.length === 0 ? '0::bigint' : bits.join(' | ');
}

/** The reasons of a bit mask, in the order of the closed list. */
export function reasonsOfMask(mask: bigint): ReasonCode[] {
  return REASON_CODES.filter((_, at) => (mask & (1n << BigInt(at))) !== 0n);
}

const isRequestAtom = (name: AtomName): name is RequestAtom => Object.hasOwn(REQUEST_ATOMS, name);

function atomReader(terms: Terms, bind: Bind): (name: AtomName) => Predicate {
  const read = new Map<AtomName, Predicate>();
  return (name) => {
    const known = read.get(name);
    if (known !== undefined) return known;
    const value = isRequestAtom(name)
      ? REQUEST_ATOMS[name].of(terms)
      : PERSON_PREDICATES[name](terms, bind);
    read.set(name, value);
    return value;
  };
}

function predicateOf(
  expression: Expression<AtomName>,
  atom: (name: AtomName) => Predicate,
): Predicate {
  if (typeof expression === 'string') return atom(expression);
  if ('not' in expression) return notOf(predicateOf(expression.not, atom));
  return 'all' in expression
    ? allOf(expression.all.map((part) => predicateOf(part, atom)))
    : anyOf(expression.any.map((part) => predicateOf(part, atom)));
}
