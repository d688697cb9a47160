import { type NewAct, recordAct } from '@kyoka/access';
import type { SubjectAnswer } from '@kyoka/contracts';
import { erasureOf } from '@kyoka/erasure';
import { type Clock, formatInstant } from '@kyoka/kernel';
import {
  disclosureSteps,
  findSubjects,
  loadPersons,
  permissionState,
  type StoredContact,
} from '@kyoka/permission-store';
import { inTransaction, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { readReleases } from '@kyoka/release';
import type { SubjectsPort } from '../ports.js';
import { casesOf } from './disclosure-case.js';
import { erasureAnswerOf } from './erasures.js';
import { subjectQuery } from './subject-query.js';
import { readSuspensions } from './suspensions.js';

export interface SubjectsContext {
  /** Under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  readonly vault: Pick<Vault, 'token'>;
  readonly clock: Clock;
}

/** The newest releases that are shown of a subject. */
const RELEASES_SHOWN = 100;

/** What is held of a subject. It holds no contact value, only kinds and classes. */
export function subjectsService(context: SubjectsContext): SubjectsPort {
  const db = queryable(context.permissions);
  return {
    async find(selector, by) {
      const [ids = []] = await findSubjects(db, [subjectQuery(selector, context.vault)]);
      await keepLook(context, { by, act: 'subject.found' }, ids);
      return ids;
    },
    async read(id, by) {
      const person = (await loadPersons(db, [id])).get(id);
      if (person === undefined) return undefined;
      await keepLook(context, { by, act: 'subject.read' }, [id]);
      const erasure = await erasureOf(db, id);
      if (erasure) return { id, erased: await erasureAnswerOf(context, erasure) };
      const { subject } = person;
      const shared = await sharers(db, id);
      const releases = await readReleases(db, id, RELEASES_SHOWN);
      return {
        id,
        source: subject.source,
        ref: subject.ref,
        ...(permissionState(person) as Pick<
          SubjectAnswer,
          'category' | 'status' | 'adsSwitch' | 'retentionOver' | 'permissions' | 'stops'
        >),
        contactPoints: subject.contacts.map((contact) => contactPoint(contact, shared)),
        releases: releases.map((release) => ({
          ...release,
          items: [...release.items],
          evidence: [...release.evidence],
        })),
        disclosures: await handedOver(db, id),
        suspensions: await readSuspensions(context, await suspensionsReaching(db, id)),
      };
    },
  };
}

/** What was handed over of a subject without consent, oldest case first. */
async function handedOver(db: Queryable, id: string): Promise<SubjectAnswer['disclosures']> {
  return casesOf(await disclosureSteps(db, { subjectId: id })).flatMap((record) => {
    if (record.handedOver === undefined) return [];
    const { ground, article, party, items, policy, untold } = record.opened;
    return [
      {
        id: record.id,
        at: formatInstant(record.handedOver.at),
        ground,
        ...(article !== undefined && { article }),
        party: party.name,
        items: [...items],
        policy,
        untold: untold !== undefined,
      },
    ];
  });
}

/** Keeps who looked at whom, before it is shown. */
export async function keepLook(
  { permissions, clock }: Pick<SubjectsContext, 'permissions' | 'clock'>,
  look: Pick<NewAct, 'by' | 'act'>,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await inTransaction(permissions, async (tx) => {
    for (const target of ids) await recordAct(tx, { ...look, target, at: clock() });
  });
}

function contactPoint(
  contact: StoredContact,
  shared: ReadonlyMap<string, number>,
): SubjectAnswer['contactPoints'][number] {
  return {
    kind: contact.kind,
    class: contact.class,
    sources: [...contact.sources],
    ...(contact.confirmedAt !== null && { confirmedAt: formatInstant(contact.confirmedAt) }),
    sharedWith: shared.get(contact.fold) ?? 0,
  };
}

/** How many other subjects have each folded contact point of this one. */
async function sharers(db: Queryable, id: string): Promise<Map<string, number>> {
  const rows = await db.query<{ fold: string; others: number }>(
    `select encode(mine.fold, 'hex') as fold, count(distinct other.subject_id)::integer as others
       from permissions.v_contact_point mine
       join permissions.v_contact_point other on other.fold = mine.fold and other.subject_id <> mine.subject_id
      where mine.subject_id = $1 and mine.class <> 'invalid' and other.class <> 'invalid'
      group by mine.fold`,
    [id],
  );
  return new Map(rows.map((row) => [row.fold, row.others]));
}

/**
 * Suspensions and erasures that reach a subject: its own, those of a contact point that it has, and
 * those of a subject that shares one (one step), oldest first.
 */
async function suspensionsReaching(db: Queryable, id: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `with mine as (
       select fold from permissions.v_contact_point where subject_id = $1 and class <> 'invalid'
     ), near as (
       select $1::uuid as subject_id
       union select o.subject_id from permissions.v_contact_point o join mine on mine.fold = o.fold
        where o.class <> 'invalid'
     )
     select a.id from permissions.v_stop_act a
      where a.kind in ('suspension', 'erasure')
        and (a.subject_id in (select subject_id from near) or a.folds && array(select fold from mine))
      order by a.committed_at, a.id`,
    [id],
  );
  return rows.map((row) => row.id);
}
