export { googleConnector, googleDestination } from './connector.js';
export { googleCapabilities, type GoogleSettings } from './settings.js';
