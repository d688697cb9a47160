import type { Instant } from '@kyoka/kernel';
import type { AllowWish } from './wish.js';

/** A wish that waits for the reader of a contact point to confirm it. */
export interface Confirmation {
  readonly id: string;
  readonly subjectId: string;
  /** Look-up token of the address that the link was sent to. */
  readonly contact: Buffer;
  readonly wish: AllowWish;
  readonly askedAt: Instant;
}

/** As it is stored. */
export interface ConfirmationRow {
  readonly id: string;
  readonly subject_id: string;
  readonly contact: Buffer;
  readonly wish: AllowWish;
  readonly asked_at: Date;
}

export const confirmationOf = (row: ConfirmationRow): Confirmation => ({
  id: row.id,
  subjectId: row.subject_id,
  contact: row.contact,
  wish: row.wish,
  askedAt: row.asked_at.getTime(),
});
