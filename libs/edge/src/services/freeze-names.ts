import type { FreezeRequest } from '@kyoka/contracts';
import { EXCEPTIONAL_DISCLOSURE } from '@kyoka/decision';
import { vocabularyOf } from '@kyoka/intake';
import { ANY, type FieldFault, KyokaError } from '@kyoka/kernel';
import type { PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';

/**
 * Refuses a freeze that names what nothing knows: it would be taken and freeze nothing. Unlike a
 * person's stop it isn't widened, since who set it reads the answer and can correct it.
 *
 * @param policies every policy of the deployment, switched on or not
 * @throws KyokaError `bad_input` with the fields that are not known
 */
export async function requireKnownNames(
  tx: Queryable,
  { scope, sources = [], recipients = [] }: FreezeRequest,
  policies: PolicySet,
): Promise<void> {
  const known = vocabularyOf(policies);
  const duties = new Set(
    [...policies.legal.values()].flatMap((pack) => pack.duties.map(({ id }) => id)),
  );
  const registered = new Set(
    (
      await tx.query<{ id: string }>('select id from audiences.v_recipient where id = any ($1)', [
        recipients,
      ])
    ).map(({ id }) => id),
  );
  const faults = [
    ...strange(
      'scope.purposes',
      scope.purposes,
      `a purpose of a policy, a duty of a legal pack, ${EXCEPTIONAL_DISCLOSURE}, or *`,
      (one) =>
        one === ANY || one === EXCEPTIONAL_DISCLOSURE || known.hasPurpose(one) || duties.has(one),
    ),
    ...strange('sources', sources, 'a source of a policy', (one) => known.hasSource(one)),
    ...strange(
      'recipients',
      recipients,
      'a recipient that is registered, or a recipient or group of a policy',
      (one) => registered.has(one) || known.hasRecipient(one),
    ),
  ];
  if (faults.length > 0) {
    throw new KyokaError('bad_input', 'The freeze names what is not known', { faults });
  }
}

const strange = (
  field: string,
  names: readonly string[],
  expected: string,
  isKnown: (name: string) => boolean,
): FieldFault[] =>
  names.flatMap((one, index) => (isKnown(one) ? [] : [{ field: `${field}[${index}]`, expected }]));
