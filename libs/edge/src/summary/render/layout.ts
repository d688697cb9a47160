const TOKYO_OFFSET_MS = 9 * 3_600_000;

/** Widest line, so that it fits a terminal of 100 columns. */
const WIDTH = 98;

const NUMBER = new Intl.NumberFormat('en-US');

export const number = (value: number): string => NUMBER.format(value);

/** A number set flush right, so that a column of them can be read down. */
export const amount = (value: number, width = 9): string => number(value).padStart(width);

export const heading = (title: string, aside = ''): string =>
  aside === '' ? title.toUpperCase() : `${title.toUpperCase()}  ${aside}`;

/** Day and time in Asia/Tokyo, to the second. */
export function tokyoTime(moment: string): string {
  return new Date(Date.parse(moment) + TOKYO_OFFSET_MS)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
}

/** How long after the first moment the second was, for example `+1.4 s` or `+2 h 05 min`. */
export function after(first: string, second: string): string {
  const seconds = (Date.parse(second) - Date.parse(first)) / 1000;
  if (seconds < 120) return `+${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `+${minutes} min`;
  return `+${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Texts on as few lines as they need: between words, below the first. */
export function wrap(first: string, rest: string): string[] {
  const indent = ' '.repeat(first.length);
  const lines: string[] = [];
  let line = first;
  for (const word of rest.split(' ')) {
    const longer =
      line.trimEnd() === line && line !== indent ? `${line} ${word}` : `${line}${word}`;
    if (longer.length > WIDTH && line !== first && line !== indent) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line];
}
