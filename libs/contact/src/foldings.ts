/** What one network takes away from the local part before it hashes, at the domains named. */
interface EmailFolding {
  readonly domains: readonly string[];
  readonly dropDots: boolean;
  readonly dropPlusSuffix: boolean;
}

/**
 * The foldings of every supported network, enabled or not. Match keys use a network's own line;
 * the fold of a contact point uses all lines together, so that a network with a stricter folding
 * changes both here.
 *
 * - google: Data Manager API, formatting of user data; `googlemail.com` keeps its name
 * - meta: Custom Audiences guide; trims and lower-cases only
 */
export const NETWORK_EMAIL_FOLDINGS = {
  google: [{ domains: ['gmail.com', 'googlemail.com'], dropDots: true, dropPlusSuffix: true }],
  meta: [],
} as const satisfies Record<string, readonly EmailFolding[]>;

/** An ad network that match keys are made for. */
export type Network = keyof typeof NETWORK_EMAIL_FOLDINGS;

/**
 * Version of the strictest folding. Tokens made from folds are comparable within one version only:
 * raise it with every change of the table above, and fold again what is stored.
 */
export const FOLD_VERSION = '1';

const EVERY_FOLDING: readonly EmailFolding[] = Object.values(NETWORK_EMAIL_FOLDINGS).flat();

/**
 * The network's own folding of a canonical email address; `undefined` when nothing is left of the
 * local part, which that network would refuse.
 */
export function foldEmailFor(network: Network, canonical: string): string | undefined {
  const folded = apply(NETWORK_EMAIL_FOLDINGS[network], canonical);
  return folded.startsWith('@') ? undefined : folded;
}

/**
 * The strictest folding of a canonical email address. Whatever one supported network takes for one
 * has one fold. Addresses of which nothing is left share the fold of their domain: none of them
 * can exist there.
 */
export function foldEmail(canonical: string): string {
  return apply(EVERY_FOLDING, canonical);
}

function apply(foldings: readonly EmailFolding[], canonical: string): string {
  const at = canonical.lastIndexOf('@');
  const domain = canonical.slice(at + 1);
  let local = canonical.slice(0, at);
  for (const folding of foldings) {
    if (!folding.domains.includes(domain)) continue;
    if (folding.dropPlusSuffix) local = local.replace(/\+.*/, '');
    if (folding.dropDots) local = local.replaceAll('.', '');
  }
  return `${local}@${domain}`;
}
