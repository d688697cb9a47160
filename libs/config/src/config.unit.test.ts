import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isKyokaError, type FieldFault } from '@kyoka/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings, settingsReference, type Environment, type Role } from './index.js';

const CANARY = 'canary-7f3a';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kyoka-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function faultsOf(environment: Environment, role: Role = 'standalone'): readonly FieldFault[] {
  try {
    readSettings(environment, { role });
  } catch (fault) {
    if (!isKyokaError(fault) || fault.code !== 'config_invalid') throw fault;
    for (const { field, expected } of fault.faults)
      expect(fault.message).toContain(`${field}: ${expected}`);
    expect(JSON.stringify([fault.message, fault.faults])).not.toContain(CANARY);
    return fault.faults;
  }
  return [];
}

const fieldsOf = (environment: Environment, role?: Role) =>
  faultsOf(environment, role).map(({ field }) => field);

it('needs nothing for the service in one process', () => {
  expect(readSettings({}, { role: 'standalone' })).toMatchObject({
    port: 3000,
    sandboxPort: 3001,
    dataDir: '.kyoka',
    keyDir: '.kyoka-keys',
    checkpointDirs: ['.kyoka-checkpoints', '.kyoka-keys/checkpoints'],
    journalDir: '.kyoka-journal',
    logFile: '.kyoka/kyoka.log',
    googleTermsAccepted: false,
    googleUrl: undefined,
    databaseUrl: undefined,
  });
});

it('asks in whose name mail is sent where it is', () => {
  expect(fieldsOf({ KYOKA_SMTP_URL: 'smtps://mail.example' })).toEqual(['KYOKA_MAIL_FROM']);
  const named = { KYOKA_SMTP_URL: 'smtps://mail.example', KYOKA_MAIL_FROM: 'Shop <a@b.example>' };
  expect(fieldsOf(named)).toEqual([]);
  expect(fieldsOf({ KYOKA_SMTP_URL: 'http://mail.example' })).toEqual(['KYOKA_SMTP_URL']);
});

it('lets defaults follow what they belong to', () => {
  const settings = readSettings(
    { KYOKA_PORT: '0', KYOKA_KEY_DIR: '/k', KYOKA_DATA_DIR: '/d' },
    { role: 'standalone' },
  );
  expect(settings).toMatchObject({
    sandboxPort: 0,
    checkpointDirs: ['.kyoka-checkpoints', '/k/checkpoints'],
    logFile: '/d/kyoka.log',
  });
  expect(
    readSettings({ KYOKA_PORT: '4000', KYOKA_SANDBOX_PORT: '9' }, { role: 'sandbox' }).sandboxPort,
  ).toBe(9);
});

it('reads what a service is given', () => {
  const settings = readSettings(
    {
      DATABASE_URL: 'postgres://u:p@db:5432/kyoka',
      KAFKA_BROKERS: 'k1:9092, k2:9092',
      KYOKA_UNSIGNED_TOPICS: 'kyoka.orders.v1',
      KYOKA_GOOGLE_TERMS_ACCEPTED: 'yes',
      KYOKA_META_URL: '',
    },
    { role: 'audiences' },
  );
  expect(settings).toMatchObject({
    databaseUrl: 'postgres://u:p@db:5432/kyoka',
    kafkaBrokers: ['k1:9092', 'k2:9092'],
    unsignedTopics: ['kyoka.orders.v1'],
    googleTermsAccepted: true,
    googleUrl: 'https://datamanager.googleapis.com',
    metaUrl: 'https://graph.facebook.com',
    logFile: undefined,
  });
});

it('names every wrong variable at once, and no value', () => {
  expect(
    fieldsOf({
      KYOKA_PORT: CANARY,
      KYOKA_LOG_LEVEL: CANARY,
      KYOKA_GOOGLE_URL: `ftp://${CANARY}`,
      KYOKA_META_TOKEN: `${CANARY}\nsecond line`,
      DATABASE_URL: `mysql://user:${CANARY}@host/db`,
    }),
  ).toEqual([
    'KYOKA_PORT',
    'KYOKA_LOG_LEVEL',
    'DATABASE_URL',
    'KYOKA_GOOGLE_URL',
    'KYOKA_META_TOKEN',
  ]);
});

it.each(['KYOKA_KEY_DIR', 'KYOKA_DATA_DIR'])(
  'names a wrong %s beside the others, although a default follows it',
  (name) => {
    const wrong = { [name]: `${CANARY}\nsecond line`, KYOKA_LOG_LEVEL: CANARY };
    expect(fieldsOf(wrong)).toEqual([name, 'KYOKA_LOG_LEVEL']);
  },
);

describe('one variable', () => {
  it.each([
    ['KYOKA_PORT', '65536', 'no port'],
    ['KYOKA_PORT', '-1', 'no port'],
    ['KYOKA_PORT', '80.5', 'not whole'],
    ['KYOKA_PORT', ' 80', 'not a number as written'],
    ['KYOKA_CHECKPOINT_DIRS', 'one', 'two places are needed'],
    ['KYOKA_CHECKPOINT_DIRS', 'a,b,c', 'one too many'],
    ['KYOKA_CHECKPOINT_DIRS', 'a,./a', 'the same place twice'],
    ['KYOKA_GOOGLE_URL', 'http://datamanager.example.com', 'match keys would travel in the clear'],
    ['KYOKA_GOOGLE_URL', 'https://user:pw@example.com', 'credentials in an address end up in logs'],
    ['KYOKA_UNSIGNED_TOPICS', '*', 'a wildcard would open every topic'],
    ['KAFKA_BROKERS', 'broker', 'no port'],
    ['KYOKA_GOOGLE_TERMS_ACCEPTED', 'true', 'only yes means yes'],
    ['KYOKA_PROT', '80', 'a misspelled name'],
  ])('%s=%s is refused: %s', (name, value) => {
    expect(fieldsOf({ [name]: value })).toEqual([name]);
  });

  it.each([
    ['KYOKA_GOOGLE_URL', 'http://127.0.0.1:3001/google'],
    ['KYOKA_GOOGLE_URL', 'http://[::1]:3001'],
    ['KYOKA_PORT', '0'],
    ['KYOKA_PLAINTEXT_TOPICS', 'kyoka.orders.v1,kyoka.feedback.v1'],
  ])('%s=%s is taken', (name, value) => expect(fieldsOf({ [name]: value })).toEqual([]));
});

it('a service asks for what it cannot be without; the tool of an operator for nothing', () => {
  expect(fieldsOf({}, 'intake')).toEqual(['DATABASE_URL', 'KAFKA_BROKERS']);
  expect(fieldsOf({}, 'migrate')).toEqual(['DATABASE_URL']);
  expect(fieldsOf({ KYOKA_OTHER: 'x' }, 'cli')).toEqual([]);
});

describe('a secret in a file', () => {
  it('is read without the line break at its end', () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'secret-token\n');
    expect(readSettings({ KYOKA_META_TOKEN_FILE: file }, { role: 'standalone' }).metaToken).toBe(
      'secret-token',
    );
  });

  it('must be there, and must not be given twice', () => {
    expect(fieldsOf({ KYOKA_META_TOKEN_FILE: join(folder, CANARY) })).toEqual([
      'KYOKA_META_TOKEN_FILE',
    ]);
    expect(fieldsOf({ KYOKA_META_TOKEN_FILE: folder, KYOKA_META_TOKEN: CANARY })).toEqual([
      'KYOKA_META_TOKEN_FILE',
    ]);
  });

  it('is not for what is no secret', () => {
    expect(fieldsOf({ KYOKA_PORT_FILE: 'x' })).toEqual(['KYOKA_PORT_FILE']);
  });
});

describe('folders', () => {
  const inside = (...names: string[]) => join(folder, 'data', ...names);

  it.each([
    ['KYOKA_KEY_DIR', () => inside('keys')],
    ['KYOKA_KEY_DIR', () => inside()],
    ['KYOKA_JOURNAL_DIR', () => inside('deep', 'journal')],
    ['KYOKA_SANDBOX_DIR', () => inside('..', 'data', 'sandbox')],
    ['KYOKA_CHECKPOINT_DIRS', () => `${inside('checkpoints')},elsewhere`],
    ['KYOKA_CHECKPOINT_DIRS', () => `elsewhere,${inside('checkpoints')}`],
  ])('%s inside the data folder is refused', (name, path) => {
    expect(fieldsOf({ KYOKA_DATA_DIR: inside(), [name]: path() })).toContain(name);
  });

  it('that only begin with the same letters are not inside', () => {
    expect(fieldsOf({ KYOKA_DATA_DIR: inside(), KYOKA_KEY_DIR: `${inside()}-keys` })).toEqual([]);
    expect(fieldsOf({ KYOKA_DATA_DIR: inside(), KYOKA_KEY_DIR: inside('..', '..keys') })).toEqual(
      [],
    );
  });

  it('are followed through links', () => {
    mkdirSync(inside());
    symlinkSync(inside(), join(folder, 'link'));
    expect(
      fieldsOf({ KYOKA_DATA_DIR: inside(), KYOKA_KEY_DIR: join(folder, 'link', 'keys') }),
    ).toContain('KYOKA_KEY_DIR');
  });

  it('of data inside that of keys are refused too', () => {
    expect(fieldsOf({ KYOKA_KEY_DIR: folder, KYOKA_DATA_DIR: inside() })).toEqual([
      'KYOKA_DATA_DIR',
    ]);
  });
});

describe('beyond this machine', () => {
  const beyond = { KYOKA_HOST: '0.0.0.0' };

  it.each([
    [beyond, ['KYOKA_HOST']],
    [{ KYOKA_HOST: '127.0.0.1' }, []],
    [{ ...beyond, KYOKA_TLS_CERT_FILE: 'c.pem', KYOKA_TLS_KEY_FILE: 'k.pem' }, []],
    [{ ...beyond, KYOKA_TLS_CERT_FILE: 'c.pem' }, ['KYOKA_TLS_KEY_FILE']],
    [{ ...beyond, KYOKA_TRUSTED_PROXIES: '10.0.0.7, 10.1.0.0/16, fd00::/8' }, []],
    [{ ...beyond, KYOKA_TRUSTED_PROXIES: '10.1.0.0/33' }, ['KYOKA_TRUSTED_PROXIES']],
    [{ KYOKA_HOST: 'somewhere.example' }, ['KYOKA_HOST']],
  ])('%j is wrong in %j', (environment, fields) => {
    expect(fieldsOf(environment)).toEqual(fields);
  });
});

it('the reference lists every variable', () => {
  const page = settingsReference();
  for (const name of [
    'KYOKA_PORT',
    'DATABASE_URL_FILE',
    'KYOKA_META_APP_SECRET_FILE',
    'KYOKA_JOURNAL_DIR',
  ]) {
    expect(page).toContain(`\`${name}\``);
  }
  expect(page).not.toContain('KYOKA_PORT_FILE');
});

describe('signing in at a provider', () => {
  const provider = {
    KYOKA_OIDC_ISSUER: 'https://id.shop.example',
    KYOKA_OIDC_CLIENT_ID: 'kyoka',
    KYOKA_OIDC_ROLES: 'kyoka-admins=administrator,sales=marketing',
    KYOKA_PUBLIC_URL: 'https://kyoka.shop.example',
  };

  it('is read with the role here of each role there', () => {
    const settings = readSettings(provider, { role: 'standalone' });
    expect([...(settings.oidcRoles ?? [])]).toEqual([
      ['kyoka-admins', 'administrator'],
      ['sales', 'marketing'],
    ]);
    expect(settings).toMatchObject({ oidcScopes: 'openid profile', oidcUserClaim: 'sub' });
  });

  it('needs all of what it needs', () => {
    expect(fieldsOf({ KYOKA_OIDC_ISSUER: provider.KYOKA_OIDC_ISSUER })).toEqual([
      'KYOKA_OIDC_CLIENT_ID',
      'KYOKA_OIDC_ROLES',
      'KYOKA_PUBLIC_URL',
    ]);
  });

  it.each([
    ['KYOKA_OIDC_ROLES', `${CANARY}=emperor`],
    ['KYOKA_OIDC_ROLES', CANARY],
    ['KYOKA_OIDC_ISSUER', `http://${CANARY}.shop.example`],
    ['KYOKA_OIDC_ISSUER', CANARY],
  ])('refuses a wrong %s', (name, value) => {
    expect(fieldsOf({ ...provider, [name]: value })).toEqual([name]);
  });
});
