import { eventually } from '@kyoka/testing';

/** One service's HTTP interface under a token. An answer that isn't a success is an error. */
export async function call<T>(
  url: string,
  token: string,
  { method = 'POST', body, headers = {} }: Request = {},
): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

interface Request {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The same, again and again while the service is away, as its users do. The request must bear repetition. */
export function callUntilAnswered<T>(
  url: string,
  token: string,
  request: Request = {},
): Promise<T> {
  return eventually(`${url} answers`, () => call<T>(url, token, request), {
    withinMs: 60_000,
    everyMs: 300,
  });
}
