import { isList } from './canonical-json.js';
import type { JsonValue } from './canonical-json.js';

export interface PlainContact {
  readonly kind: string;
  readonly value: string;
}

type JsonObject = { readonly [key: string]: JsonValue | undefined };

/**
 * A copy of `data` in which every member of every list named `contacts`, at any depth, has its
 * `value` replaced by `sealed`. A contact that is sealed already stays as it is.
 */
export async function sealContacts(
  data: JsonValue,
  seal: (contact: PlainContact) => Promise<string>,
): Promise<JsonValue> {
  if (isList(data)) return Promise.all(data.map((item) => sealContacts(item, seal)));
  if (!isObject(data)) return data;
  const members = await Promise.all(
    Object.entries(data).map(async ([name, value]): Promise<[string, JsonValue | undefined]> => {
      if (name === 'contacts' && isList(value)) {
        return [name, await Promise.all(value.map((contact) => sealOne(contact, seal)))];
      }
      return [name, value === undefined ? value : await sealContacts(value, seal)];
    }),
  );
  return Object.fromEntries(members);
}

async function sealOne(
  contact: JsonValue,
  seal: (contact: PlainContact) => Promise<string>,
): Promise<JsonValue> {
  if (!isObject(contact)) return contact;
  const { value, ...rest } = contact;
  const { kind } = rest;
  if (value === undefined) return contact;
  if (typeof kind !== 'string' || typeof value !== 'string') {
    throw new TypeError('a contact to seal has a kind and a value, both text');
  }
  return { ...rest, sealed: await seal({ kind, value }) };
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
