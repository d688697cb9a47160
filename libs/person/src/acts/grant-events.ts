import type { RawEvent } from '@kyoka/intake';
import { type Instant, KyokaError } from '@kyoka/kernel';
import { loadPersons } from '@kyoka/permission-store';
import { queryable } from '@kyoka/postgres';
import type { PersonPorts } from '../ports.js';
import type { Cell } from '../view/page-cells.js';
import type { Confirmation } from './confirmation.js';
import { PAGE_SOURCE, type PageAct, pageEvent } from './page-event.js';

type Draft = Pick<PageAct, 'type' | 'data'>;

/**
 * The events of a confirmed wish: the contact point is the person's; a suspension or erasure of theirs
 * ends in each cell, and in no other; each cell is granted.
 */
export async function grantEvents(
  ports: PersonPorts,
  { id, subjectId, contact, wish, askedAt }: Confirmation,
  at: Instant,
): Promise<RawEvent[]> {
  const person = (await loadPersons(queryable(ports.permissions), [subjectId])).get(subjectId);
  const sealed = person?.subject.contacts.find(
    (one) => one.kind === 'email' && one.token.equals(contact),
  )?.sealed;
  // A contact point that was let go keeps its token and an empty seal.
  if (person === undefined || sealed === undefined || sealed.length === 0) {
    throw new KyokaError('conflict', 'what was to be confirmed is not stored any more');
  }
  const { source, ref, category } = person.subject;
  const value = ports.vault.open(sealed, { subject: subjectId, field: 'email' });
  const drafts: Draft[] = [
    {
      type: 'jp.kyoka.contact.confirmed.v1',
      data: {
        contacts: [{ kind: 'email', value }],
        confirmed: { by: 'link', at: new Date(at).toISOString() },
      },
    },
    ...wish.cells.flatMap((cell) => [
      lifted(cell),
      granted(cell, { category: category ?? '', policyVersion: wish.policy }),
    ]),
    ...(wish.adsOn ? [ADS_ON] : []),
  ];
  return drafts.map((draft, index) =>
    pageEvent({
      ...draft,
      id: eventId(id, index),
      at,
      subject: { source, ref },
      form: 'confirmation-page',
      confirmedAt: at,
      noticeShownAt: askedAt,
    }),
  );
}

/** Under which keys the inbox holds the events of a confirmed wish. */
export function grantEventKeys({ id, wish }: Pick<Confirmation, 'id' | 'wish'>): {
  readonly source: string;
  readonly ids: readonly string[];
} {
  const count = 1 + 2 * wish.cells.length + (wish.adsOn ? 1 : 0);
  return { source: PAGE_SOURCE, ids: Array.from({ length: count }, (_, n) => eventId(id, n)) };
}

const eventId = (confirmation: string, index: number): string => `${confirmation}-${index}`;

const ADS_ON: Draft = { type: 'jp.kyoka.adsswitch.changed.v1', data: { state: 'on' } };

const lifted = ({ purpose, channel }: Cell): Draft => ({
  type: 'jp.kyoka.suspension.lifted.v1',
  data: { scope: { purposes: [purpose], channels: [channel] } },
});

const granted = (
  { purpose, channel, recipient }: Cell,
  under: { readonly category: string; readonly policyVersion: string },
): Draft => ({
  type: 'jp.kyoka.consent.granted.v1',
  data: { ...under, purpose, channels: [channel], ...(recipient !== undefined && { recipient }) },
});
