import { rejected, type JobOutcome, type SendOutcome } from './outcome.js';
import type { ExchangeOutcome } from './transport.js';

type Reply = Extract<ExchangeOutcome, { kind: 'reply' }>;
type Unsent = Extract<ExchangeOutcome, { kind: 'unsent' }>;

/** Makes a request with an access token; a provider that gives none leaves it unsent. */
export async function withToken(
  token: () => Promise<string>,
  use: (token: string) => Promise<ExchangeOutcome>,
): Promise<ExchangeOutcome> {
  let value: string;
  try {
    value = await token();
  } catch {
    return { kind: 'unsent', code: 'no_token' };
  }
  return use(value);
}

/** Turns everything but a reply into the outcome it stands for, and hands the reply to `read`. */
export function sendOutcome(
  exchanged: ExchangeOutcome,
  read: (reply: Reply) => SendOutcome,
): SendOutcome {
  if (exchanged.kind === 'reply') return read(exchanged);
  return exchanged.kind === 'unknown' ? exchanged : unsent(exchanged);
}

/** The same for a question about a job. It has no body, so nothing of it can be left unwritten. */
export function jobOutcome(
  exchanged: ExchangeOutcome,
  read: (reply: Reply) => JobOutcome,
): JobOutcome {
  if (exchanged.kind === 'reply') return read(exchanged);
  if (exchanged.kind === 'unknown') return exchanged;
  const outcome = unsent(exchanged);
  return outcome.kind === 'rejected' ? outcome : rejected('unreachable');
}

function unsent({ code }: Unsent): Exclude<SendOutcome, { kind: 'accepted' | 'unknown' }> {
  if (code === 'no_token') return rejected('reauthorise');
  return code === 'unreachable' ? rejected('unreachable') : { kind: 'not_sent', code };
}
