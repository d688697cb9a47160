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
