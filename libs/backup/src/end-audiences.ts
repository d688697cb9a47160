import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** A list at a network that may hold people of whom the restored database knows nothing. */
export interface UnsureList {
  readonly recipient: string;
  readonly audience: string;
  /** The network's own id of the list, which is named `kyoka-AUDIENCE` there. */
  readonly list: string;
  /** Address and account where it was made. */
  readonly destination: string;
}

/**
 * Ends every audience that was live at the backup. Who was added to its list after that has no row here:
 * no stop of theirs would reach the network. Whom the database does know is taken out, as at any end;
 * what else the list holds only the network can empty.
 *
 * @param tx as the owner of the database
 * @returns the lists that have to be deleted at their networks
 */
export async function endAudiences(tx: Queryable, at: Instant): Promise<UnsureList[]> {
  const ended = await tx.query<{
    id: string;
    recipient_id: string;
    list_ref: string | null;
    list_destination: string | null;
  }>(
    `with ended as (
       update audiences.audience set ended_at = $1, ended_by = 'restore' where ended_at is null
       returning id, recipient_id, list_ref, list_destination)
     select * from ended order by recipient_id, id`,
    [formatInstant(at)],
  );
  return ended.flatMap(
    ({ id, recipient_id: recipient, list_ref: list, list_destination: where }) =>
      list === null || where === null
        ? []
        : [{ recipient, audience: id, list, destination: where }],
  );
}
