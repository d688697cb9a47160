import type { EventType } from '@kyoka/contracts';
import type { RawEvent } from '@kyoka/intake';
import { canonicalJson, formatInstant, type Instant, type Json } from '@kyoka/kernel';

/** `source` of the events that stand for what people do on their own pages. */
export const PAGE_SOURCE = 'kyoka.page';

/** Version of the words that the pages put an act in; changes with them, for the evidence. */
const WORDING = '1';

export interface PageAct {
  readonly type: EventType;
  readonly id: string;
  readonly at: Instant;
  readonly subject: { readonly source: string; readonly ref: string };
  /** What the person acted on. */
  readonly form: 'preference-page' | 'one-click' | 'confirmation-page';
  /** When the one-time link was used, for an act that it confirms. */
  readonly confirmedAt?: Instant;
  /** When the person was shown what they would allow. */
  readonly noticeShownAt?: Instant;
  readonly data: Readonly<Record<string, Json>>;
}

/** The event of an act on a page. It takes the way of every event, so that the door makes no difference. */
export function pageEvent(act: PageAct): RawEvent {
  const at = formatInstant(act.at);
  const data = {
    ...act.data,
    subject: act.subject,
    occurredAt: at,
    evidence: {
      id: act.id,
      actor: 'subject',
      form: act.form,
      wordingVersion: WORDING,
      method: act.confirmedAt === undefined ? 'page-link' : 'one-time-link',
      ...(act.noticeShownAt !== undefined && { noticeShownAt: formatInstant(act.noticeShownAt) }),
      ...(act.confirmedAt !== undefined && {
        confirmed: { by: 'link', at: formatInstant(act.confirmedAt) },
      }),
    },
  };
  return {
    attributes: {
      specversion: '1.0',
      id: act.id,
      source: PAGE_SOURCE,
      type: act.type,
      time: at,
      datacontenttype: 'application/json',
    },
    data: Buffer.from(canonicalJson(data as unknown as Json)),
    place: 'page',
    // The page put it together from what is stored, so a contact in it never came in the clear.
    by: { kind: 'page', plaintext: true },
  };
}
