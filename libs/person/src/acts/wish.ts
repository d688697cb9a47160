import type { Cell } from '../view/page-cells.js';

/** What a person asks to allow again: cells of the policy under which they were shown it. */
export interface AllowWish {
  readonly policy: string;
  readonly cells: readonly Cell[];
  /** Whether the ads switch goes on, too. */
  readonly adsOn: boolean;
}

const SEPARATOR = '|';

/** A cell as a form names it. */
export const cellKey = ({ purpose, channel, recipient }: Cell): string =>
  [purpose, channel, ...(recipient === undefined ? [] : [recipient])].join(SEPARATOR);

/** The cell of these that a form names, if it names one. */
export const cellNamed = <C extends Cell>(cells: readonly C[], key: string): C | undefined =>
  cells.find((cell) => cellKey(cell) === key);
