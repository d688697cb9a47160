/**
 * The two headers of one-click unsubscription (RFC 8058) for a mail that carries the link. Both have
 * to be covered by the mail's DKIM signature.
 *
 * @param url the one-click address of the page, `https` beyond this machine
 */
export function listUnsubscribeHeaders(url: string): {
  readonly 'List-Unsubscribe': string;
  readonly 'List-Unsubscribe-Post': string;
} {
  return {
    'List-Unsubscribe': `<${url}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}
