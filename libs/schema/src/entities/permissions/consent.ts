import { byDefault, instant, key, text, uuid, word } from '../columns.js';
import { table } from '../table.js';

export const consent = table(
  'permissions.consent',
  {
    subject_id: key(uuid()),
    purpose: key(text()),
    channel: key(text()),
    recipient: key(byDefault(text(), "''")),
    act: key(word('granted', 'withdrawn')),
    class: key(word('unproven', 'evidenced', 'confirmed')),
    at: instant(),
    evidence_id: byDefault(text(), "''"),
    actor: text(),
    policy_version: byDefault(text(), "''"),
    entry: uuid(),
  },
  {
    references: [[['subject_id'], 'permissions.subject', ['id']]],
    indices: [{ name: 'consent_granted_at', on: ['purpose', 'at'], where: "act = 'granted'" }],
  },
);
