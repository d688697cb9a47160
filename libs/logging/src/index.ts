export { LOG_CODES, type LogCode, type LogLevel } from './codes.js';
export type { LogFields } from './fields.js';
export { createLog, type Log, type LogOptions } from './log.js';
export { nestLogger } from './nest-logger.js';
