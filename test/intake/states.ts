import type { Json } from '@kyoka/kernel';
import { loadPersons, permissionState } from '@kyoka/permission-store';
import type { Queryable } from '@kyoka/postgres';

/** The whole permission state of every subject whose reference begins so, by source and reference. */
export async function statesOf(db: Queryable, refPrefix = ''): Promise<Record<string, Json>> {
  const rows = await db.query<{ id: string; source: string; ref: string }>(
    'select id, source, ref from permissions.subject where starts_with(ref, $1) order by source, ref',
    [refPrefix],
  );
  const persons = await loadPersons(
    db,
    rows.map((row) => row.id),
  );
  return Object.fromEntries(
    rows.map((row) => {
      const person = persons.get(row.id);
      if (person === undefined) throw new Error('a subject is missing');
      const { acquired, contacts } = person.subject;
      return [
        `${row.source}/${row.ref}`,
        {
          ...permissionState(person),
          acquired: acquired as unknown as Json,
          contacts: contacts.map((contact) => ({
            kind: contact.kind,
            class: contact.class,
            fold: contact.fold,
            sources: [...contact.sources],
            confirmedAt: contact.confirmedAt,
          })),
        } as Json,
      ];
    }),
  );
}
