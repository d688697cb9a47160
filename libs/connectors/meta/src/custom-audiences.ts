import { listFault, type Exchange, type ExchangeOutcome, type ListRef } from '@kyoka/connector-kit';
import { z } from 'zod';
import { readRefusal } from './refusals.js';

const audienceId = z.string().regex(/^\d{1,20}$/);
const created = z.object({ id: audienceId });
const page = z.object({
  data: z.array(z.object({ id: audienceId, name: z.string().max(1_000) })).max(1_000),
  paging: z
    .object({ cursors: z.object({ after: z.string().max(500).optional() }).optional() })
    .optional(),
});

/** An account holds at most 500 customer file audiences; the rest is room for other kinds. */
const MAX_PAGES = 50;
const PAGE_SIZE = '100';

type Call = (
  exchange: Omit<Exchange, 'headers' | 'path'> & {
    path: string;
    query?: Readonly<Record<string, string>>;
  },
) => Promise<ExchangeOutcome>;

/**
 * Finds an audience by its name, or makes it. Names aren't unique at Meta, so without the look-up a
 * crash between making and noting it would leave a second one behind.
 */
export async function ensureCustomAudience(
  call: Call,
  adAccountId: string,
  name: string,
): Promise<ListRef> {
  const path = `/act_${adAccountId}/customaudiences`;
  let after: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const query = {
      fields: 'id,name',
      limit: PAGE_SIZE,
      ...(after === undefined ? {} : { after }),
    };
    const { data, paging } = read(await call({ method: 'GET', path, query }), page);
    const found = data.find((audience) => audience.name === name);
    if (found) return { id: found.id };
    after = paging?.cursors?.after;
    if (after === undefined || data.length === 0) break;
  }
  const body = { name, subtype: 'CUSTOM', customer_file_source: 'USER_PROVIDED_ONLY' };
  return { id: read(await call({ method: 'POST', path, body }), created).id };
}

function read<Value>(exchanged: ExchangeOutcome, schema: z.ZodType<Value>): Value {
  if (exchanged.kind !== 'reply') throw listFault('meta', exchanged);
  if (exchanged.status !== 200) {
    throw listFault('meta', readRefusal(exchanged.body, exchanged.retryAfterMs));
  }
  const parsed = schema.safeParse(exchanged.body);
  if (!parsed.success) throw listFault('meta');
  return parsed.data;
}
