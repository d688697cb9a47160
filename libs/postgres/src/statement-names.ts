/** Texts that get a name, at most: every connection keeps each of them, and who writes SQL by rules may write ever new ones. */
const MOST_NAMES = 400;
/** Texts that were seen once, at most. */
const MOST_SEEN = 1_000;

const names = new Map<string, string>();
const seen = new Set<string>();
let generation = 0;

/**
 * The name under which a connection keeps a statement that is parsed, from its second use in this
 * process on; `undefined` for one that is sent whole. Only parsing is saved: `plan_cache_mode` has each
 * use planned for its own parameters, since a plan that was made for a small table would stay.
 */
export function statementName(sql: string): string | undefined {
  const known = names.get(sql);
  if (known !== undefined || names.size >= MOST_NAMES) return known;
  if (!seen.delete(sql)) {
    if (seen.size >= MOST_SEEN) seen.clear();
    seen.add(sql);
    return undefined;
  }
  const name = `k${generation}_${names.size}`;
  names.set(sql, name);
  return name;
}

/** PostgreSQL refuses a kept statement whose columns are others now: a migration has run. */
export const STATEMENT_OUTDATED = '0A000';

/** Forgets every name, so that each statement is parsed again wherever it is used. */
export function forgetStatementNames(): void {
  generation += 1;
  names.clear();
}
