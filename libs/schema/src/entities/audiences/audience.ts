import { day, instant, json, key, listOf, optional, text, uuid } from '../columns.js';
import { table } from '../table.js';

export const audience = table(
  'audiences.audience',
  {
    id: key(uuid()),
    name: text(),
    segment: json(),
    policy: text(),
    purpose: text(),
    content_owner: text(),
    recipient_id: text(),
    period_from: day(),
    period_to: day(),
    users: listOf(text()),
    owner: text(),
    acting_user: optional(text()),
    list_ref: optional(text()),
    list_destination: optional(text()),
    retry_at: optional(instant()),
    ends_at: instant(),
    ended_at: optional(instant()),
    ended_by: optional(text()),
    emptied_at: optional(instant()),
    created_at: instant(),
  },
  {
    checks: { audience_check: '(list_ref is null) = (list_destination is null)' },
    references: [[['recipient_id'], 'audiences.recipient', ['id']]],
    indices: [{ name: 'audience_ending', on: ['ends_at'], where: 'ended_at is null' }],
  },
);
