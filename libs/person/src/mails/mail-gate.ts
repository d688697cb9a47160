import { randomUUID } from 'node:crypto';
import { formatInstant, type Instant, type Json, tokyoDay } from '@kyoka/kernel';
import {
  appendDecisions,
  decidePersons,
  loadPersons,
  type PersonDecision,
  takeBarrier,
} from '@kyoka/permission-store';
import { inTransaction, type Queryable } from '@kyoka/postgres';
import type { PersonPorts } from '../ports.js';
import { policyOf } from '../view/policy-of.js';
import { type DutyMail, lockWaiting, markEnded, markSending } from './duty-mail-table.js';

/** Who acts, as the decision names them. */
const SENDER = 'role:duty_mail';

/** A mail that may leave now, until its deadline, and where to. */
export interface PassedMail {
  readonly kind: 'passed';
  readonly mail: DutyMail;
  /** In memory only, in the process that sends it. */
  readonly address: string;
}

export type MailGateResult = PassedMail | { readonly kind: 'refused' } | { readonly kind: 'idle' };

/** Something that narrows the duty committed after its decision. */
class Narrowed extends Error {}

const TRIES = 3;

/**
 * The one door out for a duty mail (design §2.2): one transaction decides, stores the decision, takes
 * the shared side of the barrier as its last lock, decides again, and commits; only then may the mail
 * leave. No stop of the person covers a duty; a freeze that names it does.
 *
 * @param untilMs how long after the commit its attempt is over for certain
 */
export async function passMailGate(ports: PersonPorts, untilMs: Instant): Promise<MailGateResult> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    try {
      return await inTransaction(ports.permissions, (tx) => once(tx, ports, untilMs));
    } catch (fault) {
      if (!(fault instanceof Narrowed)) throw fault;
    }
  }
  return { kind: 'idle' };
}

async function once(tx: Queryable, ports: PersonPorts, untilMs: Instant): Promise<MailGateResult> {
  const now = ports.clock();
  const mail = await lockWaiting(tx, now);
  if (mail === undefined) return { kind: 'idle' };
  const refuse = async (answer: string): Promise<MailGateResult> => {
    await markEnded(tx, mail.id, { state: 'refused', answer, at: now });
    return { kind: 'refused' };
  };
  if (mail.endsAt <= now) return refuse('outside_period');
  const asked = await questionOf(tx, ports, mail, now);
  if (asked === undefined) return refuse('unknown_subject');
  const decided = await decide(tx, asked, mail);
  const [contact] = decided.contacts;
  if (contact === undefined) return refuse(decided.reasons[0]?.code ?? 'contact_missing');

  const decisionId = randomUUID();
  const { contacts: _contacts, refusedContacts: _refused, ...decision } = decided;
  const body = {
    policy: asked.question.policy,
    request: asked.question.request as unknown as Json,
    decision: decision as unknown as Json,
    mail: mail.id,
    at: formatInstant(now),
  };
  await appendDecisions(tx, [{ id: decisionId, subjectId: mail.subjectId, body }], now);
  await markSending(tx, mail.id, { decisionId, until: now + untilMs });
  await takeBarrier(tx, 'shared');
  if (!(await decide(tx, asked, mail)).allowed) throw new Narrowed();
  const address = ports.vault.open(contact.sealed, { subject: mail.subjectId, field: 'email' });
  return { kind: 'passed', mail, address };
}

async function questionOf(tx: Queryable, ports: PersonPorts, mail: DutyMail, at: Instant) {
  const set = await ports.policiesInForce(tx);
  const person = (await loadPersons(tx, [mail.subjectId])).get(mail.subjectId);
  const policy = person && policyOf(set, person.subject);
  if (policy === undefined) return undefined;
  const day = tokyoDay(at);
  const use = { from: day, to: day, users: [SENDER] };
  const request = {
    purpose: mail.duty,
    channel: 'email',
    contentOwner: 'own',
    actor: SENDER,
    use,
  } as const;
  return { set, question: { policy: policy.key, at, request } };
}

type Asked = NonNullable<Awaited<ReturnType<typeof questionOf>>>;

async function decide(
  tx: Queryable,
  { set, question }: Asked,
  { subjectId, contact }: DutyMail,
): Promise<PersonDecision> {
  const only = { kind: 'email', token: contact } as const;
  const [decision] = await decidePersons(tx, set, question, [subjectId], only);
  return decision as PersonDecision;
}
