import * as z from 'zod';

/** The closed list of what a token or session may do. A route names the one it needs. */
export const SCOPES = [
  'events:publish',
  'decisions:ask',
  'subjects:read',
  'suspensions:write',
  'erasures:write',
  'freezes:write',
  'disclosures:write',
  'disclosures:approve',
  'recipients:write',
  'policies:write',
  'audiences:write',
  'audiences:run',
  'parked:read',
  'parked:replay',
  'publishers:write',
  'tokens:write',
  'pages:write',
  'operations:read',
] as const;
export type Scope = (typeof SCOPES)[number];

export const scopeName = z.enum(SCOPES, { error: `one of ${SCOPES.join(', ')}` });
