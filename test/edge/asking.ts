export interface Ask {
  readonly method?: 'GET' | 'POST';
  /** Sent as it is where it is text or bytes, else as JSON. */
  readonly body?: unknown;
  readonly type?: string;
  /** `null`: none at all. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

export type Asking = (path: string, ask?: Ask) => Promise<Answer>;

/** Asks the server at an address, with a token unless told otherwise. */
export function askingAt(url: string, ownToken: string): Asking {
  return async (
    path,
    { method, body, type = 'application/json', token = ownToken, headers } = {},
  ) => {
    const payload =
      body === undefined || typeof body === 'string' || body instanceof Uint8Array
        ? body
        : JSON.stringify(body);
    const answer = await fetch(new URL(path, url), {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(payload !== undefined && { 'content-type': type }),
        ...headers,
      },
      ...(payload !== undefined && { body: payload as string }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: <T>() => JSON.parse(text) as T,
    };
  };
}
