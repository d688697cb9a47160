/** The words of the answer for the states as they are stored. */
export const ERASURE_STATE = { waiting: 'waiting', cleared: 'erasing', erased: 'erased' } as const;
