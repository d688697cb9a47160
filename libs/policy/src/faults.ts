/** One thing wrong with a file, or weaker than the law in it. Messages never quote the file. */
export interface PolicyFault {
  readonly file: string;
  /** JSON pointer of the field. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** A finding that has no position in the file yet. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly severity: PolicyFault['severity'];
  readonly message: string;
}

/** The JSON pointer (RFC 6901) of a path. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
