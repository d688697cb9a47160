import type { Exchange, ExchangeOutcome, ListRef } from '@kyoka/connector-kit';
import { listFault } from '@kyoka/connector-kit';
import { DAY, KyokaError, SECOND } from '@kyoka/kernel';
import { z } from 'zod';
import { readRefusal } from './refusals.js';

const userList = z.object({
  id: z.string().regex(/^\d{1,20}$/),
  displayName: z.string().max(255),
  membershipDuration: z.string().max(32).optional(),
});
const page = z.object({ userLists: z.array(userList).max(1_000).default([]) });

/** Finds a list by its unique name, or makes it. */
export async function ensureUserList(
  call: (exchange: Omit<Exchange, 'headers'>) => Promise<ExchangeOutcome>,
  accountId: string,
  name: string,
  lifetimeDays: number,
): Promise<ListRef> {
  const path = `/v1/accountTypes/GOOGLE_ADS/accounts/${accountId}/userLists`;
  const membershipDuration = `${(lifetimeDays * DAY) / SECOND}s`;
  const filter = `display_name = "${name.replaceAll(/["\\]/g, '\\$&')}"`;

  const found = await call({ method: 'GET', path: `${path}?${new URLSearchParams({ filter })}` });
  const existing = read(found, page).userLists.find((list) => list.displayName === name);
  if (existing) {
    if (existing.membershipDuration !== membershipDuration) {
      throw new KyokaError('conflict', 'the Google list exists with another membership duration');
    }
    return { id: existing.id };
  }
  const made = await call({
    method: 'POST',
    path,
    body: {
      displayName: name,
      membershipStatus: 'OPEN',
      membershipDuration,
      ingestedUserListInfo: {
        uploadKeyTypes: ['CONTACT_ID'],
        contactIdInfo: { dataSourceType: 'DATA_SOURCE_TYPE_FIRST_PARTY' },
      },
    },
  });
  return { id: read(made, userList).id };
}

function read<Value>(exchanged: ExchangeOutcome, schema: z.ZodType<Value>): Value {
  if (exchanged.kind !== 'reply') throw listFault('google', exchanged);
  if (exchanged.status !== 200) {
    throw listFault('google', readRefusal(exchanged.body, 0, exchanged.retryAfterMs));
  }
  const parsed = schema.safeParse(exchanged.body);
  if (!parsed.success) throw listFault('google');
  return parsed.data;
}
