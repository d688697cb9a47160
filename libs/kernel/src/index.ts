export * from './canonical.js';
export * from './errors.js';
export * from './instant.js';
export * from './text-table.js';
export * from './words.js';
