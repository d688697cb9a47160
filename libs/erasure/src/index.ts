export type { ErasureContext } from './context.js';
export { type ErasureReport, erasureOf, newestErasures, readErasures } from './read.js';
export { erasureTask } from './task.js';
