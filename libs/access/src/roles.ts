import { SCOPES, type Scope } from '@kyoka/contracts';

/**
 * What each role may do. People get roles from the company's identity provider; a token has scopes
 * of its own. Switching on takes two people, so a role that may ask may also approve.
 */
export const ROLES = {
  administrator: SCOPES,
  privacy: [
    'decisions:ask',
    'subjects:read',
    'suspensions:write',
    'erasures:write',
    'freezes:write',
    'policies:write',
    'recipients:write',
    'parked:read',
    'parked:replay',
    'pages:write',
    'operations:read',
  ],
  marketing: ['decisions:ask', 'audiences:write', 'audiences:run', 'operations:read'],
  operator: [
    'freezes:write',
    'publishers:write',
    'parked:read',
    'parked:replay',
    'operations:read',
  ],
  auditor: ['parked:read', 'operations:read'],
} as const satisfies Record<string, readonly Scope[]>;

export type Role = keyof typeof ROLES;

export const isRole = (word: string): word is Role => Object.hasOwn(ROLES, word);

/** What somebody with these roles may do, in the order of the list of scopes. */
export function scopesOf(roles: readonly Role[]): Scope[] {
  const held = new Set<Scope>(roles.flatMap((role) => [...ROLES[role]]));
  return SCOPES.filter((scope) => held.has(scope));
}
