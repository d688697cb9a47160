import { createSecretKey } from 'node:crypto';
import type { Settings } from '@kyoka/config';
import type { ConfirmationTiming, Connector } from '@kyoka/connector-kit';
import { googleConnector, googleDestination } from '@kyoka/connector-google';
import { metaConnector, metaDestination } from '@kyoka/connector-meta';
import { type Clock, KyokaError } from '@kyoka/kernel';
import type { ProcessParts } from './process-parts.js';

/** The ad networks that this process reaches. */
export interface Networks {
  readonly connectors: ReadonlyMap<string, Connector>;
  /** The address and account of each network, to which its switch is bound. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Names of those that the built-in sandbox plays. */
  readonly played: ReadonlySet<string>;
}

/** Where each network is reached, and what its account asks for. */
export interface NetworkAccounts {
  readonly google: { readonly url: string; readonly token: string; readonly accountId: string };
  readonly meta: {
    readonly url: string;
    readonly token: string;
    readonly appSecret: string;
    readonly adAccountId: string;
  };
}

interface Part {
  readonly connector: Connector;
  readonly played: boolean;
}

/** Connects to the networks whose address is set, and to the built-in sandbox, where there is one, for the others. */
export function openNetworks(
  settings: Settings,
  sandbox: NetworkAccounts | undefined,
  { clock, closing }: Pick<ProcessParts, 'clock' | 'closing'>,
): Networks {
  const { googleUrl, metaUrl } = settings;
  const parts = new Map<string, Part>();
  if (googleUrl)
    parts.set('google', google(settings, ownGoogle(settings, googleUrl), false, clock));
  else if (sandbox) parts.set('google', google(settings, sandbox.google, true, clock));
  if (metaUrl) parts.set('meta', meta(settings, ownMeta(settings, metaUrl), false, clock));
  else if (sandbox) parts.set('meta', meta(settings, sandbox.meta, true, clock));
  for (const [name, { connector }] of parts) closing.add(name, () => connector.close());
  return {
    connectors: new Map([...parts].map(([name, { connector }]) => [name, connector])),
    addresses: new Map([...parts].map(([name, { connector }]) => [name, connector.destination])),
    played: new Set([...parts].flatMap(([name, { played }]) => (played ? [name] : []))),
  };
}

/**
 * The address and account of each network that the settings name, for a process that decides about
 * its lists and sends nothing.
 */
export function networkAddresses({
  googleUrl,
  googleAccountId,
  metaUrl,
  metaAdAccountId,
}: Settings): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  if (googleUrl && googleAccountId) {
    const account = { baseUrl: googleUrl, operatingAccountId: googleAccountId };
    addresses.set('google', googleDestination(account));
  }
  if (metaUrl && metaAdAccountId) {
    addresses.set('meta', metaDestination({ baseUrl: metaUrl, adAccountId: metaAdAccountId }));
  }
  return addresses;
}

/** A service has the vendor's address of every network by default; those whose account nobody names are not reached. */
export function withNamedNetworks(settings: Settings): Settings {
  const { googleToken, googleAccountId, metaToken, metaAppSecret, metaAdAccountId } = settings;
  return {
    ...settings,
    googleUrl: googleToken || googleAccountId ? settings.googleUrl : undefined,
    metaUrl: metaToken || metaAppSecret || metaAdAccountId ? settings.metaUrl : undefined,
  };
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether something on this machine plays every network that is reached. */
export function areAllNearby({ googleUrl, metaUrl }: Settings): boolean {
  const reached = [googleUrl, metaUrl].filter((url) => url !== undefined);
  return reached.length > 0 && reached.every((url) => LOOPBACK.test(new URL(url).hostname));
}

const ownGoogle = (settings: Settings, url: string): NetworkAccounts['google'] => ({
  url,
  token: required('KYOKA_GOOGLE_TOKEN', settings.googleToken),
  accountId: required('KYOKA_GOOGLE_ACCOUNT_ID', settings.googleAccountId),
});

const ownMeta = (settings: Settings, url: string): NetworkAccounts['meta'] => ({
  url,
  token: required('KYOKA_META_TOKEN', settings.metaToken),
  appSecret: required('KYOKA_META_APP_SECRET', settings.metaAppSecret),
  adAccountId: required('KYOKA_META_AD_ACCOUNT_ID', settings.metaAdAccountId),
});

/** The built-in sandbox keeps its lists wherever it listens. */
const builtIn = (connector: Connector): Connector => ({
  ...connector,
  destination: `sandbox#${connector.capabilities.network}`,
});

function google(
  settings: Settings,
  { url: baseUrl, token, accountId }: NetworkAccounts['google'],
  played: boolean,
  clock: Clock,
): Part {
  const { googleLoginAccountId } = settings;
  const connector = googleConnector({
    baseUrl,
    operatingAccountId: accountId,
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

function meta(
  settings: Settings,
  { url: baseUrl, token, appSecret, adAccountId }: NetworkAccounts['meta'],
  played: boolean,
  clock: Clock,
): Part {
  const connector = metaConnector({
    baseUrl,
    adAccountId,
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
