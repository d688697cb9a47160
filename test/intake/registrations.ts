import type { RawEvent } from '@kyoka/intake';
import { type Harness, plain } from './harness.js';

let ids = 0;

/** A new registration of somebody of the store, as it is posted. */
export function registration(ref: string): RawEvent {
  ids += 1;
  return plain({
    type: 'customer.registered',
    id: `f${ids}`,
    data: {
      subject: { source: 'store', ref },
      category: 'member',
      contacts: [{ kind: 'email', value: `${ref}@example.jp` }],
      occurredAt: '2026-11-01T09:00:00+09:00',
      policyVersion: 'almado@1',
    },
  });
}

/** Who is known of those whose reference begins so. */
export async function known(harness: Harness, prefix: string): Promise<string[]> {
  const rows = await harness.db.query<{ ref: string }>(
    'select ref from permissions.subject where starts_with(ref, $1)',
    [prefix],
  );
  return rows.map((row) => row.ref);
}
