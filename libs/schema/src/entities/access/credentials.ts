import {
  bytes,
  double,
  instant,
  integer,
  key,
  listOf,
  optional,
  text,
  uuid,
  word,
} from '../columns.js';
import { table } from '../table.js';

const STANDS = 'revoked_at is null';

export const person = table('access.person', {
  owner: key(text()),
  roles: listOf(text()),
  scopes: listOf(text()),
  seen_at: instant(),
  stands_until: instant(),
});

export const token = table(
  'access.token',
  {
    id: key(uuid()),
    hash: bytes(),
    name: text(),
    owner: text(),
    roles: listOf(text()),
    scopes: listOf(text()),
    makers: listOf(text()),
    maker_token: optional(uuid()),
    maker_person: optional(text()),
    starts_at: instant(),
    ends_at: instant(),
    created_at: instant(),
    revoked_at: optional(instant()),
    revoked_by: optional(text()),
    quota: optional(integer()),
  },
  {
    uniques: [['hash']],
    references: [
      [['maker_token'], 'access.token', ['id']],
      [['maker_person'], 'access.person', ['owner']],
    ],
    indices: [
      { name: 'token_owner', on: ['owner'], where: STANDS },
      { name: 'token_maker', on: ['maker_token'], where: STANDS },
      { name: 'token_maker_person', on: ['maker_person'], where: STANDS },
    ],
  },
);

export const session = table(
  'access.session',
  {
    id: key(uuid()),
    hash: bytes(),
    owner: text(),
    roles: listOf(text()),
    scopes: listOf(text()),
    via: word('provider', 'link'),
    starts_at: instant(),
    ends_at: instant(),
    seen_at: instant(),
    ended_at: optional(instant()),
  },
  {
    uniques: [['hash']],
    references: [[['owner'], 'access.person', ['owner']]],
    indices: [
      { name: 'session_owner', on: ['owner'], where: 'ended_at is null' },
      { name: 'session_ends', on: ['ends_at'] },
    ],
  },
);

export const signInLink = table(
  'access.sign_in_link',
  {
    hash: key(bytes()),
    owner: text(),
    made_at: instant(),
    ends_at: instant(),
    used_at: optional(instant()),
  },
  { indices: [{ name: 'sign_in_link_ends', on: ['ends_at'] }] },
);

export const quota = table(
  'access.quota',
  {
    credential: key(uuid()),
    level: double(),
    granted: integer(),
    at: instant(),
  },
  { indices: [{ name: 'quota_at', on: ['at'] }] },
);
