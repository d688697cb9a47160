export { googleConnector } from './connector.js';
export { googleCapabilities, type GoogleSettings } from './settings.js';
