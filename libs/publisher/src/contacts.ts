import { isList } from './canonical-json.js';
import type { JsonValue } from './canonical-json.js';

export interface PlainContact {
  readonly kind: string;
  readonly value: string;
}

/** A contact that would leave readable, or can't be sealed. Says where it lies, never what stands there. */
export class UnsealableContact extends TypeError {
  override readonly name = 'UnsealableContact';

  constructor(
    /** Path in the event, such as `data.contacts[0].value`. */
    readonly field: string,
    readonly expected: string,
  ) {
    super(`${field}: expected ${expected}`);
  }
}

type JsonObject = { readonly [key: string]: JsonValue | undefined };
type Seal = (contact: PlainContact) => Promise<string>;

/**
 * A copy of `data` in which every member of every list named `contacts`, at any depth, has its
 * `value` replaced by `sealed`. A contact that is sealed already stays as it is.
 *
 * @throws UnsealableContact for contacts in any other form, which would be signed and sent readable
 */
export async function sealContacts(data: JsonValue, seal: Seal, path = 'data'): Promise<JsonValue> {
  if (isList(data)) {
    return Promise.all(data.map((item, at) => sealContacts(item, seal, `${path}[${at}]`)));
  }
  if (!isObject(data)) return data;
  const members = await Promise.all(
    Object.entries(data).map(async ([name, value]): Promise<[string, JsonValue | undefined]> => {
      const field = `${path}.${shown(name)}`;
      if (value === undefined) return [name, value];
      if (name === 'contact') throw new UnsealableContact(field, 'a list named contacts instead');
      return name === 'contacts'
        ? [name, await sealAll(value, seal, field)]
        : [name, await sealContacts(value, seal, field)];
    }),
  );
  return Object.fromEntries(members);
}

async function sealAll(contacts: JsonValue, seal: Seal, field: string): Promise<JsonValue> {
  if (!isList(contacts)) throw new UnsealableContact(field, 'a list of contacts');
  return Promise.all(contacts.map((contact, at) => sealOne(contact, seal, `${field}[${at}]`)));
}

/** What may stand readable in a contact, by member: forms that no contact value has. */
const READABLE: Readonly<Record<string, readonly [form: RegExp, expected: string]>> = {
  kind: [/^[a-z_]{1,20}$/, 'a kind of contact such as email'],
  sealed: [/^[\w-]+\.[\w-]*\.[\w-]*\.[\w-]*\.[\w-]+$/, 'a compact JWE'],
  confirmedAt: [/^[\dTZ:.+-]{20,40}$/, 'a time with its offset'],
};

async function sealOne(contact: JsonValue, seal: Seal, field: string): Promise<JsonValue> {
  if (!isObject(contact)) throw new UnsealableContact(field, 'an object with kind and value');
  const { value, ...rest } = contact;
  for (const [name, member] of Object.entries(rest)) {
    const form = Object.hasOwn(READABLE, name) ? READABLE[name] : undefined;
    if (form === undefined) {
      throw new UnsealableContact(field, 'no member but kind, value, sealed and confirmedAt');
    }
    if (member === undefined) continue;
    const [readable, expected] = form;
    if (typeof member !== 'string' || !readable.test(member)) {
      throw new UnsealableContact(`${field}.${name}`, expected);
    }
  }
  if (value === undefined) return contact;
  const { kind } = rest;
  if (typeof kind !== 'string') throw new UnsealableContact(`${field}.kind`, 'a text');
  if (typeof value !== 'string') throw new UnsealableContact(`${field}.value`, 'a text');
  return { ...rest, sealed: await seal({ kind, value }) };
}

/** A member's name in a path; one that might itself be a value isn't repeated. */
const shown = (name: string): string => (/^[A-Za-z]{1,40}$/.test(name) ? name : '?');

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
