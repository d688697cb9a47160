import { createSecretKey } from 'node:crypto';
import type { Settings } from '@kyoka/config';
import type { ConfirmationTiming, Connector } from '@kyoka/connector-kit';
import { googleConnector } from '@kyoka/connector-google';
import { metaConnector } from '@kyoka/connector-meta';
import { type Clock, KyokaError } from '@kyoka/kernel';
import { SANDBOX_CREDENTIALS, startSandbox } from '@kyoka/sandbox';
import type { Vault } from '@kyoka/vault';
import type { Closing } from './closing.js';

/** The ad networks that this process reaches. */
export interface Networks {
  readonly connectors: ReadonlyMap<string, Connector>;
  /** The address and account of each network, to which its switch is bound. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Names of those that the built-in sandbox plays. */
  readonly played: ReadonlySet<string>;
}

interface Part {
  readonly connector: Connector;
  readonly played: boolean;
}

/** Connects to the networks whose address is set, and to the built-in sandbox for the others. */
export async function openNetworks(
  settings: Settings,
  { vault, clock, closing }: { vault: Vault; clock: Clock; closing: Closing },
): Promise<Networks> {
  const { googleUrl, metaUrl } = settings;
  const sandbox = googleUrl && metaUrl ? undefined : await openSandbox(settings, vault, clock);
  if (sandbox) closing.add('sandbox', () => sandbox.close());
  const parts = new Map<string, Part>();
  const at = sandbox?.urls;
  if (googleUrl) parts.set('google', google(settings, googleUrl, false, clock));
  else if (at) parts.set('google', google(settings, at.google, true, clock));
  if (metaUrl) parts.set('meta', meta(settings, metaUrl, false, clock));
  else if (at) parts.set('meta', meta(settings, at.meta, true, clock));
  for (const [name, { connector }] of parts) closing.add(name, () => connector.close());
  return {
    connectors: new Map([...parts].map(([name, { connector }]) => [name, connector])),
    addresses: new Map([...parts].map(([name, { connector }]) => [name, connector.destination])),
    played: new Set([...parts].flatMap(([name, { played }]) => (played ? [name] : []))),
  };
}

function openSandbox(settings: Settings, vault: Vault, clock: Clock) {
  return startSandbox({
    port: settings.sandboxPort,
    clock,
    folder: settings.sandboxDir,
    digestKey: (matchKey) => vault.mac('sandbox-journal', matchKey).toString('base64url'),
    timing: {
      googleProcessingMs: settings.sandboxGoogleProcessingMs,
      metaProcessingMs: settings.sandboxMetaProcessingMs,
    },
  });
}

/** The built-in sandbox keeps its lists wherever it listens. */
const builtIn = (connector: Connector): Connector => ({
  ...connector,
  destination: `sandbox#${connector.capabilities.network}`,
});

function google(settings: Settings, baseUrl: string, played: boolean, clock: Clock): Part {
  const { googleToken, googleAccountId, googleLoginAccountId } = settings;
  const sandbox = SANDBOX_CREDENTIALS.google;
  const token = played ? sandbox.token : required('KYOKA_GOOGLE_TOKEN', googleToken);
  const connector = googleConnector({
    baseUrl,
    operatingAccountId: played
      ? sandbox.accountId
      : required('KYOKA_GOOGLE_ACCOUNT_ID', googleAccountId),
    ...(googleLoginAccountId && { loginAccountId: googleLoginAccountId }),
    token: async () => token,
    termsAccepted: played || settings.googleTermsAccepted,
    clock,
    timing: timing(played ? settings.sandboxGoogleProcessingMs : undefined, {
      processingTimeMs: settings.googleProcessingMs,
      firstPollAfterMs: settings.googleFirstPollMs,
      pollMaxMs: settings.googlePollMaxMs,
      giveUpAfterMs: settings.googleGiveUpMs,
    }),
  });
  return { connector: played ? builtIn(connector) : connector, played };
}

function meta(settings: Settings, baseUrl: string, played: boolean, clock: Clock): Part {
  const { metaToken, metaAppSecret, metaAdAccountId } = settings;
  const sandbox = SANDBOX_CREDENTIALS.meta;
  const token = played ? sandbox.token : required('KYOKA_META_TOKEN', metaToken);
  const appSecret = played ? sandbox.appSecret : required('KYOKA_META_APP_SECRET', metaAppSecret);
  const connector = metaConnector({
    baseUrl,
    adAccountId: played
      ? sandbox.adAccountId
      : required('KYOKA_META_AD_ACCOUNT_ID', metaAdAccountId),
    token: async () => token,
    appSecret: createSecretKey(appSecret, 'utf8'),
    clock,
    timing: timing(played ? settings.sandboxMetaProcessingMs : undefined, {
      processingTimeMs: settings.metaProcessingMs,
      giveUpAfterMs: settings.metaGiveUpMs,
    }),
  });
  return { connector: played ? builtIn(connector) : connector, played };
}

interface SetTiming {
  readonly processingTimeMs?: number | undefined;
  readonly firstPollAfterMs?: number | undefined;
  readonly pollMaxMs?: number | undefined;
  readonly giveUpAfterMs?: number | undefined;
}

/** What a sandbox takes at most, with time for its answer to arrive and be asked for. */
const SANDBOX_SLACK_MS = 500;
const SANDBOX_POLL_MS = 250;
const SANDBOX_GIVE_UP_MS = 60_000;

/** The waiting times that are set, else the sandbox's own; the connector knows the vendor's. */
function timing(sandboxMs: number | undefined, set: SetTiming): ConfirmationTiming {
  const own =
    sandboxMs === undefined
      ? {}
      : {
          processingTimeMs: sandboxMs + SANDBOX_SLACK_MS,
          firstPollAfterMs: SANDBOX_POLL_MS,
          giveUpAfterMs: sandboxMs + SANDBOX_GIVE_UP_MS,
        };
  const { processingTimeMs, firstPollAfterMs, giveUpAfterMs } = set;
  const maxMs = set.pollMaxMs ?? (sandboxMs === undefined ? undefined : SANDBOX_POLL_MS * 4);
  return {
    ...own,
    ...(processingTimeMs && { processingTimeMs }),
    ...(firstPollAfterMs && { firstPollAfterMs }),
    ...(giveUpAfterMs && { giveUpAfterMs }),
    ...(maxMs && { pollBackoff: { factor: 2, maxMs } }),
  };
}

function required(field: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new KyokaError(
    'config_invalid',
    `wrong settings: ${field}: needed with the address of that network`,
    {
      faults: [{ field, expected: 'a value, since the address of that network is set' }],
    },
  );
}
