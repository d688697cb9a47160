import { randomInt } from 'node:crypto';
import {
  createTransport,
  destinationOf,
  sendOutcome,
  withToken,
  refuseRequest,
  unknown,
  type Connector,
  type Exchange,
  type SendOutcome,
  type SendRequest,
} from '@kyoka/connector-kit';
import { z } from 'zod';
import { rows, usersBody } from './bodies.js';
import { ensureCustomAudience } from './custom-audiences.js';
import { readRefusal, usageWaitMs } from './refusals.js';
import { appSecretProof, metaCapabilities, type MetaSettings } from './settings.js';

const VERSION = 'v25.0';

/** Largest range that the generator takes. */
const SESSION_IDS = 2 ** 47;

const numeric = z.union([z.string().regex(/^\d{1,20}$/), z.int().min(0).transform(String)]);

/** Samples of invalid entries hold what was sent and are dropped here. */
const acceptance = z.object({
  audience_id: numeric,
  session_id: numeric,
  num_received: z.int().min(0),
  num_invalid_entries: z.int().min(0),
});

/** Where lists of an account lie, which the switch of a recipient is bound to. */
export const metaDestination = ({
  baseUrl,
  adAccountId,
}: Pick<MetaSettings, 'baseUrl' | 'adAccountId'>): string =>
  destinationOf(baseUrl, `act_${adAccountId}`);

/**
 * Meta's Custom Audiences (Marketing API v25.0). A request is taken at once and takes effect within
 * 24 hours; nothing tells when it did, so it counts as confirmed after that time if every row was
 * received and none was invalid.
 *
 * @throws KyokaError `config_invalid` for an address that isn't allowed
 */
export function metaConnector(settings: MetaSettings): Connector {
  const capabilities = metaCapabilities(settings.timing);
  const { replyTimeoutMs, newSessionId = () => randomInt(1, SESSION_IDS) } = settings;
  const transport = createTransport({
    baseUrl: settings.baseUrl,
    clock: settings.clock,
    // The Graph API has sent JSON under both names.
    mediaTypes: ['application/json', 'text/javascript'],
    ...(replyTimeoutMs === undefined ? {} : { replyTimeoutMs }),
  });

  function call({
    path,
    query,
    ...exchange
  }: Omit<Exchange, 'headers'> & { query?: Readonly<Record<string, string>> }) {
    return withToken(settings.token, (token) => {
      const proof = { appsecret_proof: appSecretProof(token, settings.appSecret) };
      return transport.exchange({
        ...exchange,
        path: `/${VERSION}${path}?${new URLSearchParams({ ...query, ...proof })}`,
        headers: { authorization: `Bearer ${token}` },
      });
    });
  }

  async function send(method: 'POST' | 'DELETE', request: SendRequest): Promise<SendOutcome> {
    const { list, members, deadline, signal } = request;
    const refused = refuseRequest(members, capabilities);
    if (refused) return refused;
    const data = rows(members);
    const session = newSessionId();
    const exchanged = await call({
      method,
      path: `/${encodeURIComponent(list.id)}/users`,
      body: usersBody(data, session),
      deadline,
      signal,
    });
    return sendOutcome(exchanged, ({ status, body, retryAfterMs, header }) => {
      if (status !== 200) {
        return readRefusal(body, retryAfterMs ?? usageWaitMs(header('x-business-use-case-usage')));
      }
      const taken = acceptance.safeParse(body);
      if (!taken.success) return unknown('reply_unreadable');
      const { audience_id, session_id, num_received, num_invalid_entries } = taken.data;
      if (audience_id !== list.id || session_id !== String(session))
        return unknown('reply_unreadable');
      if (num_received !== data.length || num_invalid_entries > num_received) {
        return unknown('counts_mismatch');
      }
      return {
        kind: 'accepted',
        received: num_received,
        invalid: num_invalid_entries,
        accountedFor: num_invalid_entries === 0,
      };
    });
  }

  return {
    capabilities,
    destination: metaDestination(settings),
    add: (request) => send('POST', request),
    remove: (request) => send('DELETE', request),
    ensureList: (name) => ensureCustomAudience(call, settings.adAccountId, name),
    close: () => transport.close(),
  };
}
