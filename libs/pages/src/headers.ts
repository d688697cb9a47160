/**
 * What every page is sent with. Nothing runs or loads but our own files, nobody frames a page, no
 * address of a page is told to anybody, and nothing of a page is kept by a cache.
 */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
  vary: 'accept-language, cookie',
} as const;

/** How a page that is for everybody may be kept: by its reader's browser, for a minute. */
export const PUBLIC_PAGE_CACHE = 'private, max-age=60';
