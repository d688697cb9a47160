import { KyokaError } from '@kyoka/kernel';

/** The service's HTTP interface as its users see it. */
export interface Api {
  /**
   * @returns the body of the answer
   * @throws KyokaError `internal` for an answer that isn't a success
   */
  call<T>(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<T>;
}

export function openApi(url: string, token: string): Api {
  return {
    async call<T>(
      method: 'GET' | 'POST',
      path: string,
      body?: unknown,
      headers?: Readonly<Record<string, string>>,
    ) {
      const answer = await fetch(new URL(path, url), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) {
        await answer.body?.cancel();
        throw new KyokaError('internal', `${method} ${path} was answered with ${answer.status}`);
      }
      return (await answer.json()) as T;
    },
  };
}
