export { Apart } from './apart.js';
export type { DueTask } from './due-task.js';
export { purge } from './purge.js';
export { type ClockOptions, type RunningClock, startClock } from './start-clock.js';
