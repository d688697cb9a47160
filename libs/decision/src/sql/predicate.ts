/** SQL that is never null, or a constant. */
export type Predicate = string | boolean;

export function anyOf(parts: readonly Predicate[]): Predicate {
  if (parts.includes(true)) return true;
  const kept = [...new Set(parts.filter((part) => part !== false))];
  return kept.length > 0 && `(${kept.join(' or ')})`;
}

export function allOf(parts: readonly Predicate[]): Predicate {
  if (parts.includes(false)) return false;
  const kept = [...new Set(parts.filter((part) => part !== true))];
  return kept.length === 0 || `(${kept.join(' and ')})`;
}

export const notOf = (part: Predicate): Predicate =>
  typeof part === 'boolean' ? !part : `not ${part}`;
