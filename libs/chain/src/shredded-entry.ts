/**
 * An entry whose body is gone after its term: what is left is the hash under which its block was
 * sealed, so that the block stays whole and what the entry said can't be told any more.
 */
export class ShreddedEntry {
  /** 64 lower-case hexadecimal digits. */
  readonly hash: string;

  constructor(hash: string) {
    this.hash = hash;
  }
}
