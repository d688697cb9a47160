export type { Settings } from './definitions.js';
export { readSettings, type Environment } from './read-settings.js';
export { ROLES, type Role } from './roles.js';
export { settingsReference } from './settings-reference.js';
