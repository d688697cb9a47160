import { KyokaError } from '@kyoka/kernel';

/** @throws KyokaError `not_found` for what isn't there */
export function found<T>(record: T | undefined): T {
  if (record === undefined) throw new KyokaError('not_found', 'There is no such record');
  return record;
}
