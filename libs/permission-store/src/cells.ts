import type { Terms } from '@kyoka/decision';
import type { Cell } from '@kyoka/permission';

/**
 * The cells whose registers bear on a question: that of its purpose, and on a channel where the
 * consent to another purpose counts (ads: to the matching) that one's too. The recipient stands with
 * every group that holds it.
 */
export function cellsOf(terms: Terms): Cell[] {
  const { purpose = '', channel = '', recipient } = terms.question.request;
  const recipients = recipient === undefined ? [] : [recipient, ...terms.recipientNames];
  const purposes = new Set([purpose, terms.consentPurpose].filter((id) => id !== ''));
  return [...purposes].map((id) => ({ purpose: id, channel, recipients }));
}
