import { SCOPES, type Scope } from '@kyoka/contracts';
import type { StaffRole } from '@kyoka/kernel';

/**
 * What each role may do. People get roles from the company's identity provider; a token has scopes
 * of its own. Switching on takes two people, so a role that may ask may also approve.
 */
const ROLES: Readonly<Record<StaffRole, readonly Scope[]>> = {
  administrator: SCOPES,
  privacy: [
    'decisions:ask',
    'subjects:read',
    'suspensions:write',
    'erasures:write',
    'freezes:write',
    'disclosures:write',
    'disclosures:approve',
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
};

/** What somebody with these roles may do, in the order of the list of scopes. */
export function scopesOf(roles: readonly StaffRole[]): Scope[] {
  const held = new Set<Scope>(roles.flatMap((role) => ROLES[role]));
  return SCOPES.filter((scope) => held.has(scope));
}
