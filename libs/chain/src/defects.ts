/** The closed list of what a verifier can find, and what each means. */
export const DEFECTS = {
  changed_entry:
    'the entries, their order, the time or the number of a block are not those of its hash',
  gap_in_entries: 'a block holds fewer entries than it was sealed with',
  added_entry: 'a block holds more entries than it was sealed with',
  missing_block: 'a block number is left out',
  reordered: 'a block comes again, or after a later one',
  broken_link: 'a block does not name the hash of the one before it',
  cut_tail: 'the chain ends before a block that a checkpoint witnesses',
  rewritten_chain: 'a block is not the one that a checkpoint witnesses',
  missing_checkpoints: 'there are blocks, but no checkpoint in any place',
  unreadable_checkpoint: 'a line is no checkpoint',
  bad_signature: 'a checkpoint was not signed with the key of this system',
  missing_checkpoint: 'a checkpoint number is left out in a place',
  reordered_checkpoint: 'a checkpoint comes again, or after a later one',
  broken_checkpoint_link: 'a checkpoint does not name the hash of the one before it',
  rolled_back_checkpoint: 'a place ends before another one does',
  conflicting_checkpoints: 'two places hold different checkpoints of one number',
} as const;

export type DefectKind = keyof typeof DEFECTS;

export interface Defect {
  readonly kind: DefectKind;
  readonly chain?: string;
  /** Number of the block. */
  readonly block?: number;
  /** Index of the checkpoint place, from 0. */
  readonly place?: number;
  /** Who wrote the checkpoint. */
  readonly writer?: string;
  /** Number of the checkpoint; for an unreadable one, of the line. */
  readonly checkpoint?: number;
}
