/** The place of a value in a statement that is still being put together. */
export type Bind = (value: unknown, type: string) => string;

/**
 * Values of one statement. Places are numbered when the statement is whole, so that a predicate that
 * turned out to be constant leaves none behind.
 */
export class Bindings {
  readonly #values: unknown[] = [];

  readonly bind: Bind = (value, type) => {
    const at = this.#values.push(value) - 1;
    return `{{${at}}}::${type}`;
  };

  /** The statement with `$n` in the order of first use, and their values. */
  statement(text: string): { readonly text: string; readonly values: readonly unknown[] } {
    const places = new Map<string, number>();
    const numbered = text.replaceAll(/\{\{(\d+)\}\}/g, (place) => {
      if (!places.has(place)) places.set(place, places.size + 1);
      return `$${places.get(place)}`;
    });
    return {
      text: numbered,
      values: [...places.keys()].map((place) => this.#values[Number(place.slice(2, -2))]),
    };
  }
}
