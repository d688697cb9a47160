import {
  createTransport,
  destinationOf,
  identifiersOf,
  sendOutcome,
  jobOutcome,
  withToken,
  refuseRequest,
  unknown,
  type Connector,
  type Exchange,
  type JobRef,
  type SendOutcome,
  type SendRequest,
} from '@kyoka/connector-kit';
import { readAcceptance } from './acceptance.js';
import { ingestBody, removeBody } from './bodies.js';
import { readJobStatus } from './job-status.js';
import { readRefusal } from './refusals.js';
import { googleCapabilities, type GoogleSettings } from './settings.js';
import { ensureUserList } from './user-lists.js';

/** Where lists of an account lie, which the switch of a recipient is bound to. */
export const googleDestination = ({
  baseUrl,
  operatingAccountId,
}: Pick<GoogleSettings, 'baseUrl' | 'operatingAccountId'>): string =>
  destinationOf(baseUrl, operatingAccountId);

/**
 * Google's Data Manager API v1. A request is taken whole or refused whole; what was taken becomes a
 * job, confirmed by `SUCCESS`.
 *
 * @throws KyokaError `config_invalid` for an address that isn't allowed
 */
export function googleConnector(settings: GoogleSettings): Connector {
  const capabilities = googleCapabilities(settings.timing);
  const { replyTimeoutMs } = settings;
  const transport = createTransport({
    baseUrl: settings.baseUrl,
    clock: settings.clock,
    ...(replyTimeoutMs === undefined ? {} : { replyTimeoutMs }),
  });

  const call = (exchange: Omit<Exchange, 'headers'>) =>
    withToken(settings.token, (token) =>
      transport.exchange({ ...exchange, headers: { authorization: `Bearer ${token}` } }),
    );

  async function send(op: JobRef['op'], request: SendRequest): Promise<SendOutcome> {
    const { list, members, deadline, signal } = request;
    const refused = refuseRequest(members, capabilities);
    if (refused) return refused;
    const exchanged = await call({
      method: 'POST',
      path: op === 'add' ? '/v1/audienceMembers:ingest' : '/v1/audienceMembers:remove',
      body: (op === 'add' ? ingestBody : removeBody)(settings, list, members),
      deadline,
      signal,
    });
    return sendOutcome(exchanged, ({ status, body, retryAfterMs }) => {
      if (status !== 200) return readRefusal(body, members.length, retryAfterMs);
      const id = readAcceptance(body);
      if (id === undefined) return unknown('reply_unreadable');
      const persons = members.length;
      const identifiers = members.reduce((sum, member) => sum + identifiersOf(member), 0);
      return {
        kind: 'accepted',
        job: { id, list: list.id, op, persons, identifiers },
        received: persons,
        invalid: 0,
        accountedFor: true,
      };
    });
  }

  return {
    capabilities,
    destination: googleDestination(settings),
    add: (request) => send('add', request),
    remove: (request) => send('remove', request),
    async poll(job) {
      const query = new URLSearchParams({ requestId: job.id });
      const exchanged = await call({ method: 'GET', path: `/v1/requestStatus:retrieve?${query}` });
      return jobOutcome(exchanged, ({ status, body, retryAfterMs }) =>
        status === 200 ? readJobStatus(body, job) : readRefusal(body, 0, retryAfterMs),
      );
    },
    ensureList: (name, lifetimeDays) =>
      ensureUserList(call, settings.operatingAccountId, name, lifetimeDays),
    close: () => transport.close(),
  };
}
