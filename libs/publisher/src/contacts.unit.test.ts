import { expect, it } from 'vitest';
import { createPublisher, type JsonValue, type UnsealableContact } from './index.js';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const publisher = createPublisher({ kid: 'kp-test', key: KEY, source: 'store' });
const ADDRESS = 'taro@example.jp';

const eventWith = (data: JsonValue) =>
  publisher.event({
    id: 'e-1',
    type: 'jp.kyoka.consent.granted.v1',
    time: '2026-11-20T09:12:34+09:00',
    data,
  });

it.each<[string, JsonValue, string]>([
  ['a list of texts', { contacts: [ADDRESS] }, 'data.contacts[0]'],
  ['one object', { contacts: { kind: 'email', value: ADDRESS } }, 'data.contacts'],
  ['a text', { contacts: ADDRESS }, 'data.contacts'],
  ['a single contact', { contact: { kind: 'email', value: ADDRESS } }, 'data.contact'],
  [
    'a single contact further down',
    { more: [{ contact: { kind: 'email', value: ADDRESS } }] },
    'data.more[0].contact',
  ],
  ['another member', { contacts: [{ kind: 'email', address: ADDRESS }] }, 'data.contacts[0]'],
  ['a member named by a value', { contacts: [{ [ADDRESS]: 'email' }] }, 'data.contacts[0]'],
  ['a list in a list', { contacts: [[ADDRESS]] }, 'data.contacts[0]'],
  ['a value as its kind', { contacts: [{ kind: ADDRESS }] }, 'data.contacts[0].kind'],
  [
    'a value in place of a sealed one',
    { contacts: [{ kind: 'email', sealed: ADDRESS }] },
    'data.contacts[0].sealed',
  ],
  [
    'a value as its time',
    { contacts: [{ kind: 'email', value: 'a@example.jp', confirmedAt: ADDRESS }] },
    'data.contacts[0].confirmedAt',
  ],
  [
    'a number in the clear',
    { contacts: [{ kind: 'phone', value: 9_012_345_678 }] },
    'data.contacts[0].value',
  ],
  ['a value without its kind', { contacts: [{ value: ADDRESS }] }, 'data.contacts[0].kind'],
  ['a path that is a value', { [ADDRESS]: { contacts: ADDRESS } }, 'data.?.contacts'],
])('refuses %s, naming the field and no value', async (_, data, field) => {
  const fault: unknown = await eventWith(data).catch((thrown: unknown) => thrown);
  expect(fault).toBeInstanceOf(TypeError);
  expect((fault as UnsealableContact).field).toBe(field);
  expect((fault as UnsealableContact).message).not.toContain('taro');
});

it('leaves to intake what holds nothing readable', async () => {
  const { value } = await eventWith({ contacts: [{ kind: 'email' }], occurredAt: 'yesterday' });
  expect(new TextDecoder().decode(value)).toBe(
    '{"contacts":[{"kind":"email"}],"occurredAt":"yesterday"}',
  );
});
