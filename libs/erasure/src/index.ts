export type { ErasureContext } from './context.js';
export { type ErasureReport, erasureOf, newestErasures, readErasures } from './read.js';
export { resealedIn } from './resealed-files.js';
export { applyErasures, type Restored } from './restored.js';
export { KEY_BACKUP_DAYS } from './terms.js';
export { erasureTask } from './task.js';
export { findUnreadable, letGo } from './unreadable.js';
