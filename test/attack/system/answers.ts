import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type Wrong = readonly [method: 'GET' | 'POST', path: string, body?: unknown];

/** Requests that are refused, each with the value of a person somewhere in it. */
const wrongWith = (value: string): readonly Wrong[] => [
  ['GET', `/p/${encodeURIComponent(value)}`],
  ['GET', `/nowhere/${encodeURIComponent(value)}?q=${encodeURIComponent(value)}`],
  ['GET', `/v1/subjects/${encodeURIComponent(value)}`],
  ['POST', `/v1/suspensions/${encodeURIComponent(value)}`, {}],
  ['POST', '/v1/events', { specversion: '1.0', id: value, type: value }],
  ['POST', '/v1/events', value],
  ['POST', '/v1/decisions', { [value]: value, subject: { contact: { kind: value, value } } }],
  ['POST', '/v1/suspensions', { contacts: [{ kind: 'email', value: { value } }], scope: value }],
  ['POST', '/v1/subjects:find', { contact: { kind: 'email', value, [value]: 1 } }],
  ['POST', '/v1/erasures', { subject: value }],
];

/**
 * Has a running service refuse requests with these values in them, with a token and without, and keeps
 * what it answers, and its metrics after that, in files below `folder`.
 *
 * @returns how many answers there were
 */
export async function keepAnswers(
  folder: string,
  {
    url,
    token,
    values,
  }: { readonly url: string; readonly token: string; readonly values: readonly string[] },
): Promise<number> {
  await mkdir(folder, { recursive: true });
  const answers: string[] = [];
  const ask = async ([method, path, body]: Wrong, bearer?: string): Promise<string> => {
    const answer = await fetch(new URL(path, url), {
      method,
      headers: {
        'content-type': path === '/v1/events' ? 'application/cloudevents+json' : 'application/json',
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    const headers = JSON.stringify([...answer.headers]);
    return `${answer.status} ${headers}\n${await answer.text()}\n`;
  };
  for (const value of values) {
    for (const wrong of wrongWith(value)) answers.push(await ask(wrong), await ask(wrong, token));
  }
  await writeFile(join(folder, 'refused.txt'), answers.join('\n'));
  await writeFile(join(folder, 'metrics.txt'), await ask(['GET', '/metrics'], token));
  return answers.length;
}
