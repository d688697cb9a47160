import type { ComponentChildren, VNode } from 'preact';
import { useWords } from '../speech.js';
import { CHROME } from '../words/chrome.js';

export interface Column<R> {
  readonly title: string;
  /** What a row shows here. */
  readonly cell: (row: R) => ComponentChildren;
  /** Set flush right, to be compared down the column. */
  readonly amount?: boolean;
  /** Names the row; the first such column is its header. */
  readonly names?: boolean;
}

interface DataTableProps<R> {
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  /** Said in place of an empty table. */
  readonly empty?: string;
}

/**
 * A table with its caption and the scope of every heading; one that is too wide scrolls by itself. On a
 * phone each row stands as a card, every value below or beside its heading: the roles are written out
 * because a browser forgets those of a table that isn't laid out as one.
 */
export function DataTable<R>({ caption, columns, rows, empty }: DataTableProps<R>): VNode {
  const say = useWords(CHROME);
  if (rows.length === 0) return <p class="quiet">{empty ?? say('nothing')}</p>;
  return (
    <div
      class={columns.length > 2 ? 'table' : 'table short'}
      role="group"
      aria-label={caption}
      tabIndex={0}
    >
      <table role="table">
        <caption>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ title, amount }) => (
              <th
                key={title}
                role="columnheader"
                scope="col"
                class={amount === true ? 'amount' : undefined}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, index) => (
            <tr key={index} role="row">
              {columns.map(({ title, cell, amount, names }) =>
                names === true ? (
                  <th key={title} role="rowheader" scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td
                    key={title}
                    role="cell"
                    data-title={title}
                    class={amount === true ? 'amount' : undefined}
                  >
                    <div class="value">{cell(row)}</div>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
