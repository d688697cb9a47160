export { AudiencesModule } from './audiences/audiences.module.js';
export { createEdge, type EdgeOptions } from './create-edge.js';
export { databaseAnswers, type ReadinessChecks, schemaIsThere } from './health/checks.js';
export { HealthModule } from './health/health.module.js';
export type { Identity } from './http/identity.js';
export { IntakeModule } from './intake/intake.module.js';
export { PermissionsModule } from './permissions/permissions.module.js';
export { type AccessTokens, accessTokens } from './tokens/access-tokens.js';
