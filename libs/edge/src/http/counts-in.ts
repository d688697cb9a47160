/** The counts of these names in an address; what is no count of at most four digits is left out. */
export const countsIn = <Name extends string>(
  query: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): { readonly [name in Name]?: number } =>
  Object.fromEntries(
    names.flatMap((name) => {
      const count = query[name];
      return typeof count === 'string' && /^\d{1,4}$/.test(count) ? [[name, Number(count)]] : [];
    }),
  ) as { readonly [name in Name]?: number };
