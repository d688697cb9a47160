/** What was just done, in numbers. */
export type AccessDone = { readonly [name in (typeof ACCESS_DONE)[number]]?: number };

/** As an address says it. */
export const ACCESS_DONE = ['revoked', 'ended', 'publisher'] as const;
