import { type Connector, type Member, rejected, type SendOutcome } from '@kyoka/connector-kit';
import { queryable } from '@kyoka/postgres';
import { count, inSpan, observe } from '@kyoka/telemetry';
import { connectorOf } from './connector-of.js';
import type { ReleaseContext } from './ports.js';
import { type Attempt, type SealedItem, sealedItems } from './tables/attempt-table.js';
import type { Audience } from './tables/audience-table.js';
import type { MemberKey } from './words.js';

/** Contact points without a match key: the value can't be opened, or has no form at this network. */
export interface WithoutKey {
  readonly kind: 'without_key';
  readonly items: readonly (MemberKey & { readonly position: number })[];
}

/**
 * Carries out a recorded attempt: opens its contact points, makes their match keys in memory and
 * hands them to the connector, which sends them before the attempt's deadline or not at all. If a
 * contact point has no match key nothing is sent, so that the rest goes on without it. Never throws:
 * an exception on the way leaves open whether something was sent.
 */
export async function carryOut(
  context: ReleaseContext,
  audience: Audience,
  attempt: Attempt,
): Promise<SendOutcome | WithoutKey> {
  const { network, list } = audience;
  const connector = connectorOf(context, audience);
  if (network === null || connector === undefined || list === undefined) {
    return rejected('list_unusable');
  }
  let keyed: { readonly item: SealedItem; readonly key: string | undefined }[];
  try {
    const items = await sealedItems(queryable(context.pool), attempt.id);
    keyed = [];
    for (const item of items) {
      const key = context.matchKeyOf(network, item);
      keyed.push({ item, key: key instanceof Promise ? await key : key });
    }
  } catch {
    return { kind: 'not_sent', code: 'aborted' };
  }
  const without = keyed.filter(({ key }) => key === undefined).map(({ item }) => item);
  if (without.length > 0) return { kind: 'without_key', items: without };
  return send(connector, list.ref, attempt, keyed as { item: SealedItem; key: string }[]);
}

async function send(
  connector: Connector,
  listRef: string,
  attempt: Attempt,
  keyed: readonly { readonly item: SealedItem; readonly key: string }[],
): Promise<SendOutcome> {
  const members = Array.from({ length: attempt.persons }, () => ({
    emails: [] as string[],
    phones: [] as string[],
  })) satisfies Member[];
  for (const { item, key } of keyed) members[item.position]?.[`${item.kind}s`].push(key);
  const request = { list: { id: listRef }, members, deadline: attempt.deadlineAt };
  return watched(connector, attempt, async () => {
    try {
      return await (attempt.op === 'add' ? connector.add(request) : connector.remove(request));
    } catch {
      return { kind: 'unknown', code: 'cut' };
    }
  });
}

function watched(
  { capabilities: { network } }: Connector,
  { op: operation, persons }: Attempt,
  ask: () => Promise<SendOutcome>,
): Promise<SendOutcome> {
  return inSpan('connector request', { network, operation, persons }, async (span) => {
    const begun = performance.now();
    const outcome = await ask();
    const result = outcome.kind;
    span.say({ result });
    count('kyoka_connector_requests_total', { network, operation, result });
    observe('kyoka_connector_request_seconds', { network, operation }, performance.now() - begun);
    return outcome;
  });
}
