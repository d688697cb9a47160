import type { Access } from '@kyoka/access';

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A browser as far as signing in needs one: it keeps cookies, follows nothing by itself, runs nothing. */
export interface Browser {
  get(url: string): Promise<Page>;
  /** As the form of a page does. */
  post(url: string, fields: Readonly<Record<string, string>>): Promise<Page>;
  send(url: string, init: RequestInit): Promise<Page>;
  cookie(name: string): string | undefined;
  setCookie(name: string, value: string): void;
  /** What the forms of its session hold. */
  csrf(access: Access): Promise<string>;
}

/** @param base what a path without a host is relative to */
export function browserAt(base: string): Browser {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: URL): Map<string, string> => {
    const jar = jars.get(url.origin) ?? new Map<string, string>();
    jars.set(url.origin, jar);
    return jar;
  };
  const own = () => jarOf(new URL(base));

  async function send(to: string, init: RequestInit): Promise<Page> {
    const url = new URL(to, base);
    const jar = jarOf(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: {
        accept: 'text/html,application/xhtml+xml',
        ...(cookie !== '' && { cookie }),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...terms] = line.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const gone =
        terms.some((term) => /^max-age=0$/i.test(term)) ||
        terms.some((term) => /^expires=.*1970/i.test(term));
      if (gone) jar.delete(name);
      else jar.set(name, pair.slice(pair.indexOf('=') + 1));
    }
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  return {
    send,
    get: (url) => send(url, {}),
    post: (url, fields) => send(url, { method: 'POST', body: new URLSearchParams(fields) }),
    cookie: (name) => own().get(name),
    setCookie: (name, value) => void own().set(name, value),
    async csrf(access) {
      const session = own().get('kyoka_session') ?? '';
      return (await access.identify('session', session))?.csrf ?? '';
    },
  };
}
