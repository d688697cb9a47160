export * from './canonical.js';
export * from './errors.js';
export * from './instant.js';
export * from './words.js';
