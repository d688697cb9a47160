import { holdCredential, type Identity, recordAct } from '@kyoka/access';
import { normaliseContact } from '@kyoka/contact';
import type { LinkAnswer, LinkBatchRequest, LinkRequest } from '@kyoka/contracts';
import { ANY, formatInstant, KyokaError } from '@kyoka/kernel';
import { listUnsubscribeHeaders } from '@kyoka/mail';
import { findSubjects, type SubjectQuery } from '@kyoka/permission-store';
import {
  type LinkGrant,
  type LinkScope,
  type MintedLink,
  mintLinks,
  type PersonPorts,
} from '@kyoka/person';
import { inTransaction, type Queryable } from '@kyoka/postgres';
import type { LinksPort } from '../ports.js';

/** What a one-click link stops where its sender names nothing: what may be refused, by email. */
const BY_EMAIL: LinkScope = { purposes: [ANY], channels: ['email'] };
const NOTHING: LinkScope = { purposes: [], channels: [] };

type Asked = LinkBatchRequest['links'][number];
type Refused = { readonly refused: 'unknown_subject' | 'unknown_contact' };

/** Makes links for services that send messages. */
export function linksService(
  ports: Pick<PersonPorts, 'permissions' | 'vault' | 'clock' | 'publicUrl' | 'terms'>,
): LinksPort {
  const make = (asked: readonly Asked[], by: Identity, target: string) =>
    inTransaction(ports.permissions, async (tx) => {
      await holdCredential(tx, by);
      const grants = await grantsOf(tx, ports, asked);
      const granted = grants.filter((one): one is LinkGrant => 'page' in one);
      const made = (await mintLinks(tx, ports, granted, by.owner))[Symbol.iterator]();
      const detail = { links: granted.length };
      await recordAct(tx, { by, act: 'page.made', target, at: ports.clock(), detail });
      return grants.map((one): LinkAnswer | Refused =>
        'page' in one ? answerOf(one, made.next().value as MintedLink) : one,
      );
    });
  return {
    async make(id, request: LinkRequest, caller) {
      const [answer] = await make([{ ...request, subject: { id } }], caller, id);
      if (answer !== undefined && 'url' in answer) return answer;
      throw answer?.refused === 'unknown_contact'
        ? new KyokaError('bad_input', 'The address is none of the person’s', {
            faults: [{ field: 'sentTo.value', expected: 'an address of the subject' }],
          })
        : new KyokaError('not_found', 'There is no such record');
    },
    makeMany: async ({ links }, caller) => ({ links: await make(links, caller, 'batch') }),
  };
}

async function grantsOf(
  tx: Queryable,
  { vault }: Pick<PersonPorts, 'vault'>,
  asked: readonly Asked[],
): Promise<(LinkGrant | Refused)[]> {
  const subjects = await findSubjects(
    tx,
    asked.map(({ subject }) => subject as SubjectQuery),
  );
  const contacts = asked.map(
    ({ sentTo }) => sentTo && vault.token('email', normaliseContact('email', sentTo.value).value),
  );
  const theirs = await contactsThatAre(
    tx,
    asked.map((_, index) => subjects[index]?.[0] ?? null),
    contacts,
  );
  return asked.map(({ page, scope }, index) => {
    const subjectId = subjects[index]?.[0];
    const contact = contacts[index];
    if (subjectId === undefined) return { refused: 'unknown_subject' };
    if (contact !== undefined && !theirs.has(index)) return { refused: 'unknown_contact' };
    return {
      page,
      subjectId,
      contact,
      scope: page === 'one_click' ? (scope ?? BY_EMAIL) : NOTHING,
    };
  });
}

/** Places at which the contact is one of the subject's. */
async function contactsThatAre(
  tx: Queryable,
  subjects: readonly (string | null)[],
  contacts: readonly (Buffer | undefined)[],
): Promise<Set<number>> {
  const rows = await tx.query<{ n: number }>(
    `select (q.n - 1)::integer as n from unnest($1::uuid[], $2::bytea[]) with ordinality as q (subject_id, token, n)
     join permissions.v_contact_point c on c.subject_id = q.subject_id and c.kind = 'email' and c.token = q.token`,
    [subjects, contacts.map((contact) => contact ?? null)],
  );
  return new Set(rows.map((row) => row.n));
}

const answerOf = ({ page }: LinkGrant, { id, url, endsAt }: MintedLink): LinkAnswer => ({
  id,
  url,
  endsAt: formatInstant(endsAt),
  ...(page === 'one_click' && { headers: listUnsubscribeHeaders(url) }),
});
