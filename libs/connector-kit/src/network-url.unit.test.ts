import { expect, it } from 'vitest';
import { destinationOf, networkUrl } from './network-url.js';

it.each([
  'https://datamanager.googleapis.com',
  'http://127.0.0.1:7001/google',
  'http://127.8.9.1:81',
  'http://[::1]:7001',
  'http://localhost:7001',
])('allows %s', (text) => {
  expect(networkUrl(text).href).toContain(text);
});

it.each([
  ['', 'nothing'],
  ['datamanager.googleapis.com', 'no scheme'],
  ['http://datamanager.googleapis.com', 'http beyond this machine'],
  ['http://10.0.0.1', 'http to a private network'],
  ['http://127.0.0.1.example.jp', 'a name that begins like loopback'],
  ['http://localhost.example.jp', 'a name that begins like localhost'],
  ['file:///etc/hosts', 'a file'],
  ['gopher://127.0.0.1', 'another protocol'],
  ['https://user:secret@graph.facebook.com', 'credentials'],
  ['https://graph.facebook.com?access_token=x', 'a query'],
  ['https://graph.facebook.com#x', 'a fragment'],
])('refuses %j: %s', (text) => {
  expect(() => networkUrl(text)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});

it('a destination is an address with an account, however the address is written', () => {
  expect(destinationOf('https://graph.facebook.com/', 'act_1')).toBe(
    'https://graph.facebook.com#act_1',
  );
  expect(destinationOf('https://GRAPH.facebook.com', 'act_1')).toBe(
    'https://graph.facebook.com#act_1',
  );
});
