/**
 * Domains whose addresses a mall hands out in place of the buyer's own. `*` stands for the top
 * level of a country's site (`com`, `co.jp`). An address there is of the class `relay`.
 */
export const RELAY_DOMAINS: readonly string[] = [
  // Rakuten Ichiba, masked buyer address (RMS order API, OrdererModel.emailAddress)
  'fw.rakuten.ne.jp',
  // Amazon, buyer-seller messaging (Selling Partner API, buyerEmail)
  'marketplace.amazon.*',
  // au PAY Market, relay mail of its DeNA days (announce.wowma.jp, service notice)
  'mbdp.jp',
];

/**
 * Domains of services that hand out a forwarding address of the person's own choice: it may be
 * written to, but no ad network knows it. Class `alias`. Only domains that hold nothing but such
 * addresses; `icloud.com` or `fastmail.com` also hold real mailboxes and can't be told apart.
 */
export const ALIAS_DOMAINS: readonly string[] = [
  // Sign in with Apple; the second one for addresses made since 2026
  'privaterelay.appleid.com',
  'private.icloud.com',
  // Firefox Relay (premium: sub-domains)
  'mozmail.com',
  'relay.firefox.com',
  // DuckDuckGo Email Protection
  'duck.com',
  // SimpleLogin
  'simplelogin.co',
  'simplelogin.com',
  'aleeas.com',
  'slmail.me',
  // addy.io, formerly AnonAddy (sub-domains name the account)
  'anonaddy.com',
  'anonaddy.me',
];

/**
 * Local parts that stand for a function, not a person. Class `role`. RFC 2142, then the usual
 * Japanese and English names of shared mailboxes.
 */
export const ROLE_NAMES: readonly string[] = [
  // RFC 2142 §3-§5
  ...words('info marketing sales support abuse noc security'),
  ...words('postmaster hostmaster usenet news webmaster www uucp ftp'),
  // senders that nobody reads
  ...words('noreply no-reply no_reply donotreply do-not-reply mailer-daemon bounce'),
  // offices and desks
  ...words('admin administrator root contact office help helpdesk service'),
  ...words('customer customerservice customer-service customersupport customer-support'),
  ...words('inquiry enquiry otoiawase toiawase soumu jinji keiri eigyo saiyo'),
  ...words('recruit recruiting accounting billing privacy press'),
];

function words(text: string): readonly string[] {
  return text.split(' ');
}

/** Version of the three lists; a decision names the version that classified its address. */
export const CONTACT_RULES_VERSION = '2026-11-26';

const ROLES = new Set(ROLE_NAMES);

/** The class of a canonical, valid address. */
export function classifyEmail(
  local: string,
  domain: string,
): 'relay' | 'alias' | 'role' | 'personal' {
  if (RELAYS.some((pattern) => pattern.test(domain))) return 'relay';
  if (ALIASES.some((pattern) => pattern.test(domain))) return 'alias';
  return ROLES.has(local.replace(/\+.*/, '')) ? 'role' : 'personal';
}

/** Matches the domain and its sub-domains on label boundaries: `evilfw.rakuten.ne.jp` is not Rakuten's relay. */
function domainPattern(entry: string): RegExp {
  const body = entry.replaceAll('.', '\\.').replace('*', '[a-z]{2,3}(?:\\.[a-z]{2})?');
  return new RegExp(`(?:^|\\.)${body}$`);
}

const RELAYS = RELAY_DOMAINS.map(domainPattern);
const ALIASES = ALIAS_DOMAINS.map(domainPattern);
