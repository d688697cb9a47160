/** The session of a signed-in person. */
export const SESSION_COOKIE = 'kyoka_session';

/** The value of a cookie in the header `Cookie` (RFC 6265, 4.2). */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  return header
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

export interface CookieTerms {
  /** Whether people reach the service over TLS only. */
  readonly secure: boolean;
  readonly path: string;
  readonly maxAgeSeconds: number;
}

/** A cookie that no script reads and no other site's form sends; an age of 0 takes it away. */
export const setCookie = (
  name: string,
  value: string,
  { secure, path, maxAgeSeconds }: CookieTerms,
): string =>
  `${name}=${value}; Path=${path}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
