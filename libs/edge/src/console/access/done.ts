/** What was just done, in numbers. */
export type AccessDone = Partial<Record<(typeof DONE)[number], number>>;

const DONE = ['revoked', 'ended', 'publisher'] as const;

/** What an address says was done; anything that is no number of ours is left out. */
export const accessDone = (query: Readonly<Record<string, unknown>>): AccessDone =>
  Object.fromEntries(
    DONE.flatMap((name) => {
      const count = query[name];
      return typeof count === 'string' && /^\d{1,4}$/.test(count) ? [[name, Number(count)]] : [];
    }),
  );
