import type { Identity } from '@kyoka/access';
import type { ErasureAnswer, SuspensionAnswer } from '@kyoka/contracts';

type Caller = Pick<Identity, 'scopes'>;

/**
 * A stop as its asker may see it. By a contact point, who may not read about people would learn here
 * whose it is, and by what is removed where, whether anybody holds that person.
 */
export const suspensionFor = ({ scopes }: Caller, answer: SuspensionAnswer): SuspensionAnswer =>
  scopes.has('subjects:read') ? answer : { ...answer, subjects: [], removals: [], followed: false };

/** An erasure, likewise. */
export function erasureFor({ scopes }: Caller, answer: ErasureAnswer): ErasureAnswer {
  if (scopes.has('subjects:read')) return answer;
  const { unconfirmed: _, rowsGoneAt: __, ...told } = answer;
  return { ...told, subjects: [], removals: [] };
}
