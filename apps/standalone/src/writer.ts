/** Name of this process's files in the journal and checkpoint folders. */
export const WRITER = 'standalone';
