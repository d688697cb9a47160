import { z } from 'zod';

/**
 * - `450_recipient`, `550_recipient`: the recipient is refused for now, or for good.
 * - `451_text`, `554_text`: the text is read and refused for now, or for good.
 * - `cut_before`: the connection ends at the recipient; nothing is taken.
 * - `cut_after`: the mail is taken, then the connection ends without a reply.
 * - `slow`: the mail is taken, the reply is late.
 */
const MAIL_FAULT_KINDS = [
  '450_recipient',
  '550_recipient',
  '451_text',
  '554_text',
  'cut_before',
  'cut_after',
  'slow',
] as const;
export type MailFaultKind = (typeof MAIL_FAULT_KINDS)[number];

export const mailFaultSchema = z.strictObject({
  kind: z.enum(MAIL_FAULT_KINDS),
  /** For how many mails. */
  count: z.int().min(1).max(1_000_000).default(1),
  /** For `slow`, in milliseconds. */
  delayMs: z.int().min(0).max(120_000).default(20_000),
});
export type MailFault = z.infer<typeof mailFaultSchema>;
export type MailFaultRequest = z.input<typeof mailFaultSchema>;

/** Faults that wait for a mail, first come first served. */
export class MailFaults {
  #waiting: MailFault[] = [];

  add(fault: MailFaultRequest): void {
    this.#waiting.push(mailFaultSchema.parse(fault));
  }

  clear(): void {
    this.#waiting = [];
  }

  /** The fault of the next mail if it is of one of these kinds, used up by it. */
  take(kinds: readonly MailFaultKind[]): MailFault | undefined {
    const [next] = this.#waiting;
    if (next === undefined || !kinds.includes(next.kind)) return undefined;
    next.count -= 1;
    if (next.count === 0) this.#waiting.shift();
    return next;
  }
}
