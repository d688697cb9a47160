import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Adapter, type AdapterPayload, Provider } from 'oidc-provider';
import { type Forgery, forgeAnswer } from './id-tokens.js';

const CLIENT = { id: 'kyoka', secret: 'secret-of-the-client-at-the-provider' };
const COOKIE_KEYS = ['key-of-the-cookies-of-the-provider'];

/** A company's identity provider: a real one, on this machine, which believes everybody. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly client: typeof CLIENT;
  /** Whoever signs in next is this person, with these roles there. */
  person: { readonly id: string; readonly roles: readonly string[] };
  /** Tells it which service sends people here; until then it answers nothing. */
  serve(redirectUri: string): void;
  /** Signs with a new key; the keys it shows hold the new one only, or the old one only. */
  rotate(shown: 'new' | 'old'): void;
  /** What happens to a code that nobody fetches in time. */
  endCode(code: string): Promise<void>;
  /** Its ID tokens are these, until it is `undefined` again. */
  forgery: Forgery | undefined;
  /** Every request is answered with this status, until it is `undefined` again. */
  failing: number | undefined;
  /** The addresses that a browser or a service asked here, with where it said it came from. */
  readonly asked: { readonly url: string; readonly referer: string | undefined }[];
  stop(): Promise<void>;
  restart(): Promise<void>;
}

/** What a provider remembers, over a change of its keys too. */
function remembering(): (model: string) => Adapter {
  const kept = new Map<string, AdapterPayload>();
  return (model) => {
    const find = (id: string) => Promise.resolve(kept.get(`${model} ${id}`));
    return {
      find,
      findByUid: (uid) => Promise.resolve([...kept.values()].find((each) => each.uid === uid)),
      findByUserCode: () => Promise.resolve(undefined),
      async upsert(id, payload) {
        kept.set(`${model} ${id}`, payload);
      },
      async consume(id) {
        kept.set(`${model} ${id}`, { ...(await find(id)), consumed: true });
      },
      async destroy(id) {
        kept.delete(`${model} ${id}`);
      },
      async revokeByGrantId(grantId) {
        for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key);
      },
    };
  };
}

const newKey = () => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  kid: randomUUID(),
  alg: 'RS256',
  use: 'sig',
});

export async function startIdentityProvider(): Promise<IdentityProvider> {
  let answer: RequestListener = (_, response) => void response.writeHead(503).end();
  let server = await listening(0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  let redirectTo = '';
  const adapter = remembering();
  let provider: Provider;
  let key = newKey();

  function listening(at: number): Promise<Server> {
    return new Promise((resolve, reject) => {
      const opened = createServer((request, response) => {
        self.asked.push({ url: request.url ?? '', referer: request.headers.referer });
        if (self.failing === undefined) answer(request, response);
        else response.writeHead(self.failing).end();
      });
      opened.once('error', reject).listen(at, '127.0.0.1', () => resolve(opened));
    });
  }

  function opened(): Provider {
    return new Provider(issuer, {
      adapter,
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [redirectTo],
          grant_types: ['authorization_code'],
        },
      ],
      jwks: { keys: [key] },
      cookies: { keys: COOKIE_KEYS },
      claims: { openid: ['sub'], profile: ['roles'] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      ttl: {
        AccessToken: 60,
        AuthorizationCode: 60,
        IdToken: 60,
        Interaction: 60,
        Session: 60,
        Grant: 60,
      },
      findAccount: (_, id) => ({
        accountId: id,
        claims: () => ({ sub: id, roles: [...self.person.roles] }),
      }),
      async loadExistingGrant(context) {
        const { client, session } = context.oidc;
        const grant = new context.oidc.provider.Grant({
          clientId: client?.clientId,
          accountId: session?.accountId,
        });
        grant.addOIDCScope('openid profile');
        await grant.save();
        return grant;
      },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    });
  }

  const through = (made: Provider, keysOf: Provider): RequestListener => {
    const handle = made.callback();
    const keys = keysOf.callback();
    return (request, response) => {
      const path = request.url ?? '';
      if (path.startsWith('/interaction/')) {
        const login = { accountId: self.person.id };
        made.interactionFinished(request, response, { login }).catch(() => {
          response.writeHead(500).end();
        });
      } else if (path === '/token' && self.forgery) {
        forgeAnswer(response, key, self.forgery);
        void handle(request, response);
      } else void (path.startsWith('/jwks') ? keys : handle)(request, response);
    };
  };

  const self: IdentityProvider = {
    issuer,
    client: CLIENT,
    person: { id: 'tanaka', roles: [] },
    forgery: undefined,
    failing: undefined,
    asked: [],
    serve(redirectUri) {
      redirectTo = redirectUri;
      provider = opened();
      answer = through(provider, provider);
    },
    rotate(shown) {
      const before = provider;
      key = newKey();
      provider = opened();
      answer = through(provider, shown === 'new' ? provider : before);
    },
    async endCode(code) {
      await (await provider.AuthorizationCode.find(code))?.destroy();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    async restart() {
      server = await listening(port);
    },
  };
  return self;
}
