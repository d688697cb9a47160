/** A predicate over named atoms, as data: an atom's name, or a combination of predicates. */
export type Expression<Name extends string> =
  | Name
  | { readonly not: Expression<Name> }
  | { readonly all: readonly Expression<Name>[] }
  | { readonly any: readonly Expression<Name>[] };

/** The value of a predicate where every atom has one. */
export function holds<Name extends string>(
  expression: Expression<Name>,
  value: (atom: Name) => boolean,
): boolean {
  if (typeof expression === 'string') return value(expression);
  if ('not' in expression) return !holds(expression.not, value);
  if ('all' in expression) return expression.all.every((part) => holds(part, value));
  return expression.any.some((part) => holds(part, value));
}
