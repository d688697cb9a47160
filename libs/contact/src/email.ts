import { looksLikeDigest } from './digest.js';
import { classifyEmail } from './email-classes.js';
import { foldEmail } from './foldings.js';
import { invalid } from './normalised.js';
import type { InvalidReason, NormalisedContact } from './normalised.js';
import { clean } from './text.js';

/** RFC 5321 §4.5.3.1.3: a path has 256 octets, two of them the angle brackets. */
const LONGEST = 254;

/** RFC 5322 atext and dots anywhere: old carrier addresses such as `taro..yamada.@docomo.ne.jp` are in use. */
const LOCAL = /^[a-z0-9!#$%&'*+\-/=?^_`{|}~.]+$/;
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+(?=[a-z0-9-]*[a-z])${LABEL}$`);

export function normaliseEmail(raw: string): NormalisedContact {
  const cleaned = clean(raw);
  const value = cleaned.toLowerCase();
  const [local = '', domain = '', ...rest] = value.split('@');
  const reason = fault(value, local, domain, rest.length);
  if (reason !== undefined) return invalid('email', reason, cleaned);
  return { kind: 'email', class: classifyEmail(local, domain), value, fold: foldEmail(value) };
}

function fault(
  value: string,
  local: string,
  domain: string,
  furtherAts: number,
): InvalidReason | undefined {
  if (value === '') return 'empty';
  if (value.length > LONGEST) return 'too_long';
  if (looksLikeDigest(value)) return 'already_hashed';
  if (/[^\x20-\x7e]/.test(value)) return 'not_ascii';
  return furtherAts === 0 && LOCAL.test(local) && DOMAIN.test(domain)
    ? undefined
    : 'not_an_address';
}
