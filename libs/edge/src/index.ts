export { AccessModule } from './access/access.module.js';
export { AudiencesModule } from './audiences/audiences.module.js';
export { ConsoleModule } from './console/console.module.js';
export { consoleService } from './console/console.service.js';
export { createEdge, type EdgeOptions } from './create-edge.js';
export { databaseAnswers, type ReadinessChecks, schemaIsThere } from './health/checks.js';
export { HealthModule } from './health/health.module.js';
export { IntakeModule } from './intake/intake.module.js';
export { PermissionsModule } from './permissions/permissions.module.js';
export { PersonModule } from './person/person.module.js';
export { PublishedModule } from './published/published.module.js';
export { PoliciesInForce } from './services/policies-in-force.js';
export {
  audiencesServices,
  consoleServices,
  createServices,
  intakeServices,
  permissionsServices,
  type Services,
  type ServicesContext,
} from './services/services.js';
export { figureTask } from './summary/figures.js';
export { FIGURES, readSummary, type SummaryContext } from './summary/read-summary.js';
export { renderSummary } from './summary/render/render-summary.js';
export type { Summary } from './summary/summary.js';
