/** A candidate whose digest may be in a filter. */
export interface Hit {
  /** Number of the filter. */
  readonly filter: number;
  readonly text: string;
}

/** A message whose HMAC under a key may be in a filter. */
export interface KeyedHit {
  readonly filter: number;
  readonly key: Buffer;
  readonly text: string;
}
