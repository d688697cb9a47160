import {
  brokers,
  databaseAddress,
  databaseLogin,
  digits,
  file,
  folder,
  httpAddress,
  instance,
  integer,
  listenAddress,
  mailAddress,
  mailbox,
  networks,
  oneOf,
  text,
  topics,
  twoFolders,
  wordsTo,
  yesOrNo,
  type DatabaseLogin,
  type Kind,
} from './kinds.js';
import { STAFF_ROLES } from '@kyoka/kernel';
import { SERVICES, type Role } from './roles.js';

export interface Definition<T, Always extends boolean> {
  readonly name: string;
  readonly about: string;
  readonly kind: Kind<T>;
  /** What holds without the variable, by role where it differs. */
  readonly initial?: string | Readonly<Partial<Record<Role, string>>>;
  /** Roles that don't start without it. */
  readonly requiredBy?: readonly Role[];
  /** A secret may also be given as a file, under the same name with `_FILE`. */
  readonly secret?: true;
  /** Whether every role has a value. */
  readonly always: Always;
}

type Spec<T> = Omit<Definition<T, boolean>, 'kind' | 'always' | 'initial'>;

const DAY_MS = 86_400_000;
const milliseconds = integer(1, 30 * DAY_MS);

/** A setting that has a value in every role. */
function given<T>(kind: Kind<T>, initial: string, spec: Spec<T>): Definition<T, true> {
  return { ...spec, kind, initial, always: true };
}

/** A setting that may have no value. */
function maybe<T>(
  kind: Kind<T>,
  spec: Spec<T> & Pick<Definition<T, false>, 'initial'>,
): Definition<T, false> {
  return { ...spec, kind, always: false };
}

/** The logins that `migrate` makes, each by the word in its name and whose it is. */
function logins<K extends string>(whose: Readonly<Record<K, readonly [string, string]>>) {
  const made = Object.entries<readonly [string, string]>(whose).map(([key, [word, of]]) => [
    key,
    maybe(databaseLogin, {
      name: `KYOKA_LOGIN_${word}`,
      about: `The DATABASE_URL ${of}, for \`migrate\`, which makes its user, with no more rights than it needs.`,
      secret: true,
    }),
  ]);
  return Object.fromEntries(made) as Record<K, Definition<DatabaseLogin, false>>;
}

/** Every setting of every role. The keys are the fields of `Settings`. */
export const DEFINITIONS = {
  port: given(integer(0, 65_535), '3000', {
    name: 'KYOKA_PORT',
    about: 'Port of the HTTP interface; 0 for any free one.',
  }),
  host: given(listenAddress, '127.0.0.1', {
    name: 'KYOKA_HOST',
    about:
      'Address that the HTTP interface listens on. Beyond this machine only with TLS of its own or behind a declared proxy.',
  }),
  tlsCertFile: maybe(file, {
    name: 'KYOKA_TLS_CERT_FILE',
    about: 'Certificate chain of the HTTP interface, PEM. With it the interface speaks https only.',
  }),
  tlsKeyFile: maybe(file, {
    name: 'KYOKA_TLS_KEY_FILE',
    about: 'Private key of KYOKA_TLS_CERT_FILE, PEM.',
  }),
  trustedProxies: maybe(networks, {
    name: 'KYOKA_TRUSTED_PROXIES',
    about:
      'Addresses of the proxies that speak TLS for this service. Then nobody else is answered, and only what came to them by https.',
  }),
  instance: maybe(instance, {
    name: 'KYOKA_INSTANCE',
    about:
      "Name of this process among those of its role, kept when it is started again: its journal and checkpoints carry it. Without it: the machine's host name.",
  }),
  drainMs: given(milliseconds, '25000', {
    name: 'KYOKA_DRAIN_MS',
    about:
      'Longest time that a process may take to end after a signal, in milliseconds: what it has begun is finished, or else cut off.',
  }),
  dataDir: given(folder, '.kyoka', {
    name: 'KYOKA_DATA_DIR',
    about:
      'Data folder of a process: the embedded database and what may be lost with it. One process at a time.',
  }),
  keyDir: given(folder, '.kyoka-keys', {
    name: 'KYOKA_KEY_DIR',
    about:
      'Folder of the keys, mode 0700. Apart from the data, so that a copy of one is never a copy of both.',
  }),
  kek: maybe(text, {
    name: 'KYOKA_KEK',
    about:
      'Key-encryption key, 32 random bytes as base64url. Without it: the file kek in KYOKA_KEY_DIR, made at the first start.',
    secret: true,
  }),
  checkpointDirs: maybe(twoFolders, {
    name: 'KYOKA_CHECKPOINT_DIRS',
    about:
      'The two places outside the database for signed checkpoints; with Kafka they go to its topic too. Without it: .kyoka-checkpoints, and checkpoints in KYOKA_KEY_DIR.',
  }),
  journalDir: given(folder, '.kyoka-journal', {
    name: 'KYOKA_JOURNAL_DIR',
    about:
      'Folder of the stop journal, from which a database restored from an older backup learns what it missed.',
  }),
  backupDir: given(folder, '.kyoka-backup', {
    name: 'KYOKA_BACKUP_DIR',
    about:
      'Folder of the backups of the database, to which erasure adds the rows that it sealed again. Never with the keys.',
  }),
  keyBackupDir: maybe(folder, {
    name: 'KYOKA_KEY_BACKUP_DIR',
    about:
      'Folder of the copies of the keys, where this machine reaches it: those older than 14 days are destroyed, also when no newer one is made. Never with the database or its backups.',
  }),
  deployDir: given(folder, 'deploy', {
    name: 'KYOKA_DEPLOY_DIR',
    about: 'Folder of `policies`, `source-contracts` and `legal`.',
  }),
  maxBodyBytes: given(integer(1_024, 67_108_864), '8388608', {
    name: 'KYOKA_MAX_BODY_BYTES',
    about: 'Largest body of an HTTP request, in bytes; a larger one gets 413.',
  }),
  logLevel: given(oneOf('error', 'warn', 'info', 'debug'), 'info', {
    name: 'KYOKA_LOG_LEVEL',
    about: 'Least level that is logged.',
  }),
  logFile: maybe(file, {
    name: 'KYOKA_LOG_FILE',
    about:
      'File for the log, one JSON object a line. Without it: standard output; `standalone`: kyoka.log in KYOKA_DATA_DIR.',
  }),

  otlpUrl: maybe(httpAddress, {
    name: 'KYOKA_OTLP_URL',
    about:
      'Receiver of OpenTelemetry traces (OTLP over HTTP; spans go to v1/traces below it). Without it none are sent.',
  }),

  databaseUrl: maybe(databaseAddress, {
    name: 'DATABASE_URL',
    about: 'The PostgreSQL 18 database. `standalone` brings its own where it is not set.',
    requiredBy: [...SERVICES, 'console', 'migrate'],
    secret: true,
  }),
  ...logins({
    loginIntake: ['INTAKE', 'of `intake`'],
    loginPermissions: ['PERMISSIONS', 'of `permissions`'],
    loginAudiences: ['AUDIENCES', 'of `audiences`'],
    loginConsole: ['CONSOLE', 'of `console`'],
    loginBackup: ['BACKUP', 'that `kyoka backup` reads with'],
  }),
  databaseConnections: given(integer(4, 1_000), '10', {
    name: 'KYOKA_DATABASE_CONNECTIONS',
    about:
      'Most connections of each pool; a process has a pool for every context it serves. Each clock holds one while it works.',
  }),
  kafkaBrokers: maybe(brokers, {
    name: 'KAFKA_BROKERS',
    about: 'The Kafka brokers. `standalone` works without.',
    requiredBy: SERVICES,
  }),
  unsignedTopics: maybe(topics, {
    name: 'KYOKA_UNSIGNED_TOPICS',
    about:
      'Topics whose events are taken without a valid MAC. Whoever can write there can grant and stop.',
  }),
  plaintextTopics: maybe(topics, {
    name: 'KYOKA_PLAINTEXT_TOPICS',
    about: 'Topics that may carry contact values in the clear. They lie readable in its log.',
  }),
  kafkaSessionMs: given(integer(1_000, 300_000), '30000', {
    name: 'KYOKA_KAFKA_SESSION_MS',
    about:
      'Time after which the partitions of an intake process that was killed go to another, in milliseconds.',
  }),
  intakeBatch: given(integer(1, 1_000), '500', {
    name: 'KYOKA_INTAKE_BATCH',
    about: 'Most events in one transaction.',
  }),

  parkedDays: given(integer(1, 90), '14', {
    name: 'KYOKA_PARKED_DAYS',
    about:
      'Days (Asia/Tokyo) that a parked original is kept, at most; then its key is destroyed, and it can be replayed no more.',
  }),

  publicUrl: maybe(httpAddress, {
    name: 'KYOKA_PUBLIC_URL',
    about:
      'Address under which people reach their pages; links in mails begin with it. `standalone` works without: with that of the HTTP interface, which only this machine reaches.',
    requiredBy: ['permissions'],
  }),
  tokenDays: given(integer(1, 3_650), '90', {
    name: 'KYOKA_TOKEN_DAYS',
    about:
      'Most days that a token is valid, and that what somebody hands on stands after their last sign-in.',
  }),
  tokenQuota: given(integer(1, 100_000_000), '600000', {
    name: 'KYOKA_TOKEN_QUOTA',
    about:
      'Requests a minute of a token or session that has no quota of its own, in all processes together.',
  }),
  sessionHours: given(integer(1, 168), '10', {
    name: 'KYOKA_SESSION_HOURS',
    about: 'Hours after which somebody who signed in signs in again.',
  }),
  sessionIdleMinutes: given(integer(5, 1_440), '60', {
    name: 'KYOKA_SESSION_IDLE_MINUTES',
    about: 'Minutes without a request after which a session ends.',
  }),
  oidcIssuer: maybe(httpAddress, {
    name: 'KYOKA_OIDC_ISSUER',
    about:
      "Issuer of the company's identity provider (OpenID Connect). Without it: nobody signs in but by a one-time link of the terminal.",
  }),
  oidcClientId: maybe(text, {
    name: 'KYOKA_OIDC_CLIENT_ID',
    about: 'Client id at the provider; its redirect address is KYOKA_PUBLIC_URL/sign-in/callback.',
  }),
  oidcClientSecret: maybe(text, {
    name: 'KYOKA_OIDC_CLIENT_SECRET',
    about: 'Client secret at the provider.',
    secret: true,
  }),
  oidcScopes: given(text, 'openid profile', {
    name: 'KYOKA_OIDC_SCOPES',
    about: 'Scopes asked of the provider, separated by spaces; they bring the claims below.',
  }),
  oidcUserClaim: given(text, 'sub', {
    name: 'KYOKA_OIDC_USER_CLAIM',
    about:
      'Claim whose value names a person here (user:VALUE): one that never passes to somebody else, and no address.',
  }),
  oidcRoleClaim: given(text, 'roles', {
    name: 'KYOKA_OIDC_ROLE_CLAIM',
    about: 'Claim that lists what the provider knows of the roles or groups of a person.',
  }),
  oidcRoles: maybe(wordsTo(...STAFF_ROLES), {
    name: 'KYOKA_OIDC_ROLES',
    about:
      'Which value of the role claim is which role here, such as kyoka-admins=administrator,marketing=marketing. Somebody with none can not sign in.',
  }),
  pageTokenDays: given(integer(1, 400), '90', {
    name: 'KYOKA_PAGE_TOKEN_DAYS',
    about: "Days that a link to a person's preference page is valid.",
  }),
  oneClickDays: given(integer(60, 1_100), '180', {
    name: 'KYOKA_ONE_CLICK_DAYS',
    about:
      'Days that a one-click link to unsubscribe is valid: as long as the mail that carries it may be opened.',
  }),
  confirmationHours: given(integer(1, 168), '24', {
    name: 'KYOKA_CONFIRMATION_HOURS',
    about: 'Hours that the link in a mail which asks for a confirmation is valid.',
  }),
  smtpUrl: maybe(mailAddress, {
    name: 'KYOKA_SMTP_URL',
    about:
      'Server for duty mails (confirmations, receipts of stops). Without it none is sent, and pages offer nothing that needs one; `standalone`: the mailbox of the sandbox.',
    secret: true,
  }),
  mailFrom: maybe(mailbox, {
    name: 'KYOKA_MAIL_FROM',
    about: 'In whose name duty mails are sent. Needed where KYOKA_SMTP_URL is set.',
  }),

  googleUrl: maybe(httpAddress, {
    name: 'KYOKA_GOOGLE_URL',
    about: "Address of Google's Data Manager API. `standalone`: the built-in sandbox.",
    initial: {
      permissions: 'https://datamanager.googleapis.com',
      audiences: 'https://datamanager.googleapis.com',
    },
  }),
  googleToken: maybe(text, {
    name: 'KYOKA_GOOGLE_TOKEN',
    about: 'OAuth access token with the scope datamanager.',
    secret: true,
  }),
  googleAccountId: maybe(digits, {
    name: 'KYOKA_GOOGLE_ACCOUNT_ID',
    about: 'Google Ads account whose lists are used.',
  }),
  googleLoginAccountId: maybe(digits, {
    name: 'KYOKA_GOOGLE_LOGIN_ACCOUNT_ID',
    about: 'Account that the token belongs to, where it is another one (a manager account).',
  }),
  googleTermsAccepted: given(yesOrNo, 'no', {
    name: 'KYOKA_GOOGLE_TERMS_ACCEPTED',
    about:
      'Whether the company accepted the Customer Match terms; Google refuses every upload without.',
  }),
  googleProcessingMs: maybe(milliseconds, {
    name: 'KYOKA_GOOGLE_PROCESSING_MS',
    about:
      "Longest time from acceptance to effect at Google, in milliseconds. Default: the connector's, which are Google's words.",
  }),
  googleFirstPollMs: maybe(milliseconds, {
    name: 'KYOKA_GOOGLE_FIRST_POLL_MS',
    about: 'Time to the first question about a job.',
  }),
  googlePollMaxMs: maybe(milliseconds, {
    name: 'KYOKA_GOOGLE_POLL_MAX_MS',
    about: 'Longest time between two questions about a job.',
  }),
  googleGiveUpMs: maybe(milliseconds, {
    name: 'KYOKA_GOOGLE_GIVE_UP_MS',
    about: 'Time after which what Google has not confirmed is overdue.',
  }),
  metaUrl: maybe(httpAddress, {
    name: 'KYOKA_META_URL',
    about: "Address of Meta's Graph API. `standalone`: the built-in sandbox.",
    initial: {
      permissions: 'https://graph.facebook.com',
      audiences: 'https://graph.facebook.com',
    },
  }),
  metaToken: maybe(text, {
    name: 'KYOKA_META_TOKEN',
    about: 'Access token with ads_management.',
    secret: true,
  }),
  metaAppSecret: maybe(text, {
    name: 'KYOKA_META_APP_SECRET',
    about: 'Secret of the app; signs the token.',
    secret: true,
  }),
  metaAdAccountId: maybe(digits, {
    name: 'KYOKA_META_AD_ACCOUNT_ID',
    about: 'Ad account, without `act_`.',
  }),
  metaProcessingMs: maybe(milliseconds, {
    name: 'KYOKA_META_PROCESSING_MS',
    about:
      "Longest time from acceptance to effect at Meta, in milliseconds. Default: the connector's, which is Meta's word.",
  }),
  metaGiveUpMs: maybe(milliseconds, {
    name: 'KYOKA_META_GIVE_UP_MS',
    about: 'Time after which what Meta has not confirmed is overdue.',
  }),

  sandboxPort: maybe(integer(0, 65_535), {
    name: 'KYOKA_SANDBOX_PORT',
    about:
      'Port of the ad network sandbox on 127.0.0.1. Without it: the one after KYOKA_PORT, or any free one where that is 0.',
  }),
  sandboxSmtpPort: given(integer(0, 65_535), '0', {
    name: 'KYOKA_SANDBOX_SMTP_PORT',
    about: 'Port of the mail server of the sandbox on 127.0.0.1; 0 for any free one.',
  }),
  sandboxDir: given(folder, '.kyoka-sandbox', {
    name: 'KYOKA_SANDBOX_DIR',
    about: 'Folder of the journal of the sandbox.',
  }),
  sandboxGoogleProcessingMs: given(milliseconds, '1500', {
    name: 'KYOKA_SANDBOX_GOOGLE_PROCESSING_MS',
    about: 'Longest processing of the sandbox that plays Google.',
  }),
  sandboxMetaProcessingMs: given(milliseconds, '3000', {
    name: 'KYOKA_SANDBOX_META_PROCESSING_MS',
    about: 'Longest processing of the sandbox that plays Meta.',
  }),

  samplePeople: given(integer(0, 100_000), '2000', {
    name: 'KYOKA_SAMPLE_PEOPLE',
    about: 'People of the sample company that the first start of `standalone` brings; 0 for none.',
  }),
  sampleSeed: given(integer(0, 2_147_483_647), '1', {
    name: 'KYOKA_SAMPLE_SEED',
    about: 'Seed of the sample company: the same seed gives the same people.',
  }),

  serviceUrl: maybe(httpAddress, {
    name: 'KYOKA_URL',
    about: 'Address of the running service, for `kyoka`. Without it: this machine, at KYOKA_PORT.',
  }),
  token: maybe(text, {
    name: 'KYOKA_TOKEN',
    about: 'Personal token of who runs `kyoka`.',
    secret: true,
  }),
  publisherKey: maybe(text, {
    name: 'KYOKA_PUBLISHER_KEY',
    about: 'Publisher key for `kyoka publish`.',
    secret: true,
  }),
} as const satisfies Record<string, Definition<unknown, boolean>>;

type Definitions = typeof DEFINITIONS;
type ValueOf<D> =
  D extends Definition<infer T, infer Always> ? (Always extends true ? T : T | undefined) : never;

/** The settings of a process, read and checked. What has no value is `undefined`. */
export type Settings = {
  readonly [K in Exclude<keyof Definitions, keyof Derived>]: ValueOf<Definitions[K]>;
} & Derived;

/** Settings whose default follows another setting. */
export interface Derived {
  readonly sandboxPort: number;
  readonly instance: string;
  readonly checkpointDirs: readonly [string, string];
  readonly serviceUrl: string;
}
