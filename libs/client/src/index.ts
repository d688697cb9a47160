export { type ClientOptions, createClient, type EventToSend, type KyokaClient } from './client.js';
export {
  type Ask,
  connect,
  type Connection,
  type ConnectionOptions,
  ServiceFault,
} from './connection.js';
export type { Patience } from './retrying.js';
