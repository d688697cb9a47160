export { metaConnector, metaDestination } from './connector.js';
export { metaCapabilities, type MetaSettings } from './settings.js';
