import { randomBytes } from 'node:crypto';
import { type Clock, HOUR, type Instant, KyokaError, MINUTE, SECOND } from '@kyoka/kernel';
import type { StaffRole } from '@kyoka/kernel';
import type { Vault } from '@kyoka/vault';
import { addressKind } from '@kyoka/contracts';
import * as client from 'openid-client';

export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string;
  readonly scopes: string;
  /** The claim that names a person, and the one that lists their roles there. */
  readonly userClaim: string;
  readonly roleClaim: string;
  readonly roles: ReadonlyMap<string, StaffRole>;
  /** A sign-in at the provider that is older than this is asked for again. */
  readonly sessionHours: number;
}

/** Somebody whom the provider has vouched for. */
interface Vouched {
  readonly owner: string;
  /** None for somebody whom no role here is given. */
  readonly roles: readonly StaffRole[];
  /** When they showed the provider who they are. */
  readonly since: Instant;
  readonly to: string;
}

export interface Provider {
  /** @throws KyokaError `network_unavailable` */
  start(to: string): Promise<{ location: string; state: string }>;
  /** @throws KyokaError `unauthenticated`, `not_permitted` for a name that can't be used, `network_unavailable` */
  finish(query: string, state: string | undefined): Promise<Vouched>;
}

const WAY_MS = 10 * MINUTE;
const TIMEOUT_SECONDS = 5;

/**
 * Signs people in at any OpenID Connect provider: authorization code with PKCE, state and nonce
 * (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700). The state cookie holds one random value; state,
 * nonce and verifier are keyed digests of it, so nothing has to be stored on the way, and who holds the
 * cookie can't make them. Configuration and keys of the provider are read for each sign-in: they are
 * rare, and a key that was changed counts at once.
 */
export function openProvider(
  settings: ProviderSettings,
  { vault, clock }: { readonly vault: Pick<Vault, 'mac'>; readonly clock: Clock },
): Provider {
  const derived = (state: string) => {
    const of = (what: string) => vault.mac(`sign-in ${what}`, state).toString('base64url');
    return { state: of('state'), nonce: of('nonce'), verifier: of('verifier') };
  };
  return {
    async start(to) {
      const config = await discovered(settings);
      const kept = `${randomBytes(32).toString('base64url')}.${clock()}.${Buffer.from(to).toString('base64url')}`;
      const { state, nonce, verifier } = derived(kept);
      const location = client.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUri,
        scope: settings.scopes,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        max_age: String((settings.sessionHours * HOUR) / SECOND),
      });
      return { location: location.href, state: kept };
    },
    async finish(query, kept) {
      const [, begunAt = '', to = ''] = kept?.split('.') ?? [];
      if (kept === undefined || !(clock() - Number(begunAt) <= WAY_MS)) throw again();
      const { state, nonce, verifier } = derived(kept);
      const config = await discovered(settings);
      const answered = new URL(settings.redirectUri);
      answered.search = query;
      const tokens = await client
        .authorizationCodeGrant(config, answered, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
          maxAge: (settings.sessionHours * HOUR) / SECOND,
        })
        .catch(refused);
      const claims = tokens.claims() as client.IDToken;
      const more = await userInfo(config, tokens.access_token, claims, settings);
      return {
        owner: ownerOf(more[settings.userClaim]),
        roles: rolesOf(more[settings.roleClaim], settings.roles),
        since: (claims.auth_time as number) * SECOND,
        to: Buffer.from(to, 'base64url').toString(),
      };
    },
  };
}

async function discovered(settings: ProviderSettings): Promise<client.Configuration> {
  const { issuer, clientId, clientSecret } = settings;
  const options = {
    timeout: TIMEOUT_SECONDS,
    execute: [
      client.enableNonRepudiationChecks,
      // The setting allows http on this machine only.
      ...(issuer.startsWith('http:') ? [client.allowInsecureRequests] : []),
    ],
  };
  try {
    const auth =
      clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret);
    return await client.discovery(new URL(issuer), clientId, undefined, auth, options);
  } catch (fault) {
    throw away(fault);
  }
}

/** What the ID token doesn't tell, the provider's userinfo may. */
async function userInfo(
  config: client.Configuration,
  accessToken: string,
  claims: client.IDToken,
  { userClaim, roleClaim }: ProviderSettings,
): Promise<Readonly<Record<string, unknown>>> {
  const isComplete = claims[userClaim] !== undefined && claims[roleClaim] !== undefined;
  if (isComplete || config.serverMetadata().userinfo_endpoint === undefined) return claims;
  const info = await client.fetchUserInfo(config, accessToken, claims.sub).catch(refused);
  return { ...info, ...claims };
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._|-]{0,126}$/;

/** Whoever runs the machine, whom no provider knows. */
const OF_THE_TERMINAL = 'local';

/** A name lies in the clear in the evidence, so it may be no address. */
function ownerOf(claim: unknown): string {
  const fit = typeof claim === 'string' && NAME.test(claim) && addressKind(claim) === undefined;
  if (fit && claim !== OF_THE_TERMINAL) return `user:${claim}`;
  throw new KyokaError('not_permitted', "The provider's name of this person can not be used here");
}

function rolesOf(claim: unknown, roles: ReadonlyMap<string, StaffRole>): StaffRole[] {
  const words: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  const held = words.flatMap((word) => (typeof word === 'string' ? (roles.get(word) ?? []) : []));
  return [...new Set(held)].sort();
}

const again = (cause?: unknown) =>
  new KyokaError('unauthenticated', 'The sign-in did not come to its end', { cause });
const away = (cause: unknown) =>
  new KyokaError('network_unavailable', 'The identity provider can not be reached', { cause });

/** A provider that doesn't answer is away; whatever it answers that doesn't fit is no sign-in. */
function refused(fault: unknown): never {
  const { code, cause } = (fault ?? {}) as { code?: unknown; cause?: unknown };
  const isAway = fault instanceof TypeError || code === 'OAUTH_TIMEOUT' || isServerFault(cause);
  throw isAway ? away(fault) : again(fault);
}

const isServerFault = (cause: unknown): boolean => cause instanceof Response && cause.status >= 500;
