import { OUTPUT_EVENTS } from '@kyoka/contracts';
import type { Company } from './company.js';
import { pass, settle } from './time.js';
import { type Network, type Person, PROCESSING_MS } from './words.js';

export const TARO: Person = { ref: 'taro', email: 'taro@example.jp', phone: '090-1234-5678' };
export const HANA: Person = { ref: 'hana', email: 'hana@example.jp' };
export const KEN: Person = { ref: 'ken', phone: '080-2345-6789' };

/** Persons whom an audience of the network holds for certain. */
export async function heldAt(company: Company, network: Network, ...persons: Person[]) {
  const ids = await company.enter(...persons);
  const audience = await company.audience(network);
  const run = await company.run(audience);
  await settle(company.context);
  await pass(company, 2 * PROCESSING_MS, 5_000);
  for (const person of persons) {
    if (company.held(network, person) === 0) throw new Error(`${person.ref} is not held`);
  }
  return { audience, run, ids, taro: ids.get('taro') as string };
}

/** The steps of a suspension that other services were told, in order. */
export async function stepsOf(company: Company, stop: string): Promise<string[]> {
  const type = 'jp.kyoka.suspension.progressed.v1';
  const rows = await company.db.query<{ payload: unknown }>(
    'select payload from audiences.outbox where type = $1 order by id',
    [type],
  );
  return rows
    .map(({ payload }) => OUTPUT_EVENTS[type].data.parse(payload))
    .filter((data) => data.suspension === stop)
    .map(({ step }) => step);
}
