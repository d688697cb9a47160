import { rowsOf, type Member } from '@kyoka/connector-kit';

/** An unknown cell of a multi-key row. */
const UNKNOWN = '';

/** Rows of the schema EMAIL, PHONE: each identifier of each person stands in exactly one of them. */
export function rows(members: readonly Member[]): [email: string, phone: string][] {
  return members.flatMap((member) =>
    Array.from({ length: rowsOf(member) }, (_, row): [string, string] => [
      member.emails[row] ?? UNKNOWN,
      member.phones[row] ?? UNKNOWN,
    ]),
  );
}

/** Body of an addition or a removal: a session of one batch, so that its counts are this request's. */
export function usersBody(data: readonly (readonly [string, string])[], sessionId: number) {
  return {
    payload: { schema: ['EMAIL', 'PHONE'], data },
    session: {
      session_id: sessionId,
      batch_seq: 1,
      last_batch_flag: true,
      estimated_num_total: data.length,
    },
  };
}
