import type { Harness } from '../edge/harness.js';

/** A page as somebody without a session gets it. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Asks for pages as a browser does that was sent a link: no token, no cookie. */
export function browsing({ ask }: Pick<Harness, 'ask'>) {
  const html = { accept: 'text/html', 'accept-language': 'en' };
  return {
    get: (url: string, headers: Record<string, string> = {}): Promise<Got> =>
      ask(url, { token: null, headers: { ...html, ...headers } }),
    head: (url: string): Promise<Got> =>
      ask(url, { token: null, method: 'HEAD' as 'GET', headers: html }),
    post: (url: string, fields: Record<string, string>): Promise<Got> =>
      ask(url, {
        token: null,
        body: new URLSearchParams(fields).toString(),
        type: 'application/x-www-form-urlencoded',
        headers: html,
      }),
  };
}

/** What of a person's page says that something is allowed. */
export const allowedOn = ({ text }: Got): number => text.split('>Allowed<').length - 1;

/** The links in a mail, in their order. */
export const linksIn = (text: string): string[] => text.match(/https?:\/\/\S+/g) ?? [];
