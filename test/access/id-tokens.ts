import { createHmac, createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import type { ServerResponse } from 'node:http';

type Claims = Record<string, unknown>;

/** How an ID token is made another: its claims, and by what it is signed. */
export interface Forgery {
  readonly claims?: (claims: Claims) => Claims;
  readonly alg?: 'RS256' | 'HS256' | 'none';
  /** For HS256: what a client that takes it would check it with. */
  readonly secret?: string;
}

const encoded = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (part: string): Claims =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;

/** The same ID token as this forgery makes it, signed by the key that the provider shows. */
function forged(
  idToken: string,
  key: JsonWebKey,
  { claims = (same) => same, alg = 'RS256', secret = '' }: Forgery,
): string {
  const [header = '', payload = ''] = idToken.split('.');
  const text = `${encoded({ ...decoded(header), alg })}.${encoded(claims(decoded(payload)))}`;
  const signature = {
    RS256: () => sign('sha256', Buffer.from(text), createPrivateKey({ key, format: 'jwk' })),
    HS256: () => createHmac('sha256', secret).update(text).digest(),
    none: () => Buffer.alloc(0),
  }[alg]();
  return `${text}.${signature.toString('base64url')}`;
}

/** Lets the answer of the token endpoint carry a forged ID token. */
export function forgeAnswer(response: ServerResponse, key: JsonWebKey, forgery: Forgery): void {
  const end = response.end.bind(response) as (body: string) => ServerResponse;
  response.end = ((body: string) => {
    const answer = JSON.parse(body) as { id_token: string };
    const other = JSON.stringify({ ...answer, id_token: forged(answer.id_token, key, forgery) });
    response.setHeader('content-length', Buffer.byteLength(other));
    return end(other);
  }) as ServerResponse['end'];
}
