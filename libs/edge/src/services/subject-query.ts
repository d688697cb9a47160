import { normaliseContact } from '@kyoka/contact';
import type { SubjectSelector } from '@kyoka/contracts';
import { KyokaError } from '@kyoka/kernel';
import type { SubjectQuery } from '@kyoka/permission-store';
import type { Vault } from '@kyoka/vault';

/**
 * Whom a selector means, with a contact value turned into its look-up token.
 *
 * @throws KyokaError `bad_input` for a digest in place of a contact value
 */
export function subjectQuery(selector: SubjectSelector, vault: Pick<Vault, 'token'>): SubjectQuery {
  if (!('contact' in selector)) return selector;
  const { kind, value } = selector.contact;
  const normalised = normaliseContact(kind, value);
  if (normalised.class === 'invalid' && normalised.reason === 'already_hashed') {
    throw new KyokaError('bad_input', 'A digest can not be looked up', {
      faults: [
        { field: 'subject.contact.value', expected: 'a contact value, not a digest of one' },
      ],
    });
  }
  return { kind, token: vault.token(kind, normalised.value) };
}
