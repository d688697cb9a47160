import { type Bind, stopBit, type Terms } from '@kyoka/decision';
import { formatInstant, type StopKind } from '@kyoka/kernel';
import type { Cell } from '@kyoka/permission';
import { atRecipientSql, coversSql } from './own-acts-sql.js';

/**
 * What ends each kind of stop besides the person's own confirmed grants, as subqueries over `r`
 * (person, origin, via); see `ENDED_BY`. `origin` is null where the stop was placed on a contact point.
 */
const ENDERS: Readonly<
  Record<Exclude<StopKind, 'freeze'>, (cell: Cell, bind: Bind) => readonly string[]>
> = {
  withdrawal: (cell, bind) => [
    grants(cell, bind, `k.class <> 'unproven'`, BY_ORIGIN),
    grants(cell, bind, `k.class = 'confirmed'`, BY_LINKED),
  ],
  objection: (cell, bind) => [grants(cell, bind, `k.class = 'confirmed'`, BY_LINKED)],
  complaint: (cell, bind) => [grants(cell, bind, `k.class = 'confirmed'`, BY_LINKED)],
  suspension: (cell, bind) => ownLifts(cell, bind),
  erasure: (cell, bind) => ownLifts(cell, bind),
  unfollowed: (cell, bind) => linkedLifts(cell, bind, 'follow'),
  hard_bounce: (cell, bind) => linkedLifts(cell, bind, 'confirmation'),
  returned_post: (cell, bind) => linkedLifts(cell, bind, 'confirmation'),
};

/** Kinds that `*` reaches only where the person may refuse the purpose; their own confirmed grant ends them. */
const OPTIONAL: readonly StopKind[] = ['withdrawal', 'objection', 'complaint'];
/** Kinds that follow one contact point, when placed on one. */
const OF_CONTACT_POINT: readonly StopKind[] = ['hard_bounce', 'returned_post', 'unfollowed'];
/** Kinds that a later confirmation of the contact point in question ends. */
const BY_CONFIRMED_CONTACT: readonly StopKind[] = ['hard_bounce', 'returned_post'];

/** Who placed the stop, as a set that registers are joined to by their index. */
const BY_ORIGIN = '(select r.origin as id) w';
/** Who acts for the same contact point: the person, who placed the stop, who has one of `via`. */
const BY_LINKED = `(select r.person as id union select r.origin union
  select e.subject_id from permissions.v_contact_point e
  where e.fold = any (r.via) and e.class <> 'invalid') w`;

/** The registers of each of these, by the key of the table: `offset 0` keeps a plan from reading them by time. */
const registersOf = (view: string, name: string): string =>
  `cross join lateral (select x.* from permissions.${view} x where x.subject_id = w.id offset 0) ${name}`;

const grants = (cell: Cell, bind: Bind, proof: string, who: string): string =>
  `(select max(k.at) from ${who} ${registersOf('v_consent', 'k')}
    where k.act = 'granted' and ${proof}
      and k.purpose = ${bind(cell.purpose, 'text')} and k.channel = ${bind(cell.channel, 'text')}
      and ${atRecipientSql('k', cell, bind)})`;

const lifts = (cell: Cell, bind: Bind, kind: string, from: string): string =>
  `(select max(l.at) from ${from} where l.kind = '${kind}' and ${coversSql('l', cell, bind)})`;

const byWhom = (who: string): string => `${who} ${registersOf('v_lift', 'l')}`;

const linkedLifts = (cell: Cell, bind: Bind, kind: string): readonly string[] => [
  lifts(cell, bind, kind, byWhom(BY_LINKED)),
  lifts(cell, bind, kind, '(select v.* from permissions.v_lift v where v.fold = any (r.via)) l'),
];

/** Only who stopped may lift; the stop of a bare contact point, whoever has it. */
const ownLifts = (cell: Cell, bind: Bind): readonly string[] => [
  lifts(cell, bind, 'lift', byWhom(BY_ORIGIN)),
  `case when r.origin is null then greatest(${linkedLifts(cell, bind, 'lift').join(', ')}) end`,
];

/**
 * The stops in force that reach each person in the cells of a question, but for freezes: one row a
 * person, kind and contact point (`fold` null: whatever the contact point), with the latest moment
 * `since` which it has been so. A stop reaches the one who placed it, everybody who shares a contact
 * point with them (one step), and whoever has the contact point it was placed on. Stops are few
 * beside people, so all starts from them.
 *
 * `o` has to be the relation of own acts (`ownActsSql`).
 */
export function stopsSql(terms: Terms, cells: readonly Cell[], bind: Bind): string {
  if (terms.purpose?.kind === 'duty' || cells.length === 0) return NONE;
  const now = bind(formatInstant(terms.at), 'timestamptz');
  const wide = terms.optional ? 'true' : `(x.purpose <> '*' or x.kind not in (${words(OPTIONAL)}))`;
  const parts = cells.map(
    (cell) => `
    select r.person, r.kind, r.fold, least(r.at, ${now}) as since
    from (
      select s.subject_id as person, s.origin, s.kind, s.at, null::bytea as fold, array(
        select distinct c.fold from permissions.v_contact_point c
        where c.subject_id = s.subject_id and c.class <> 'invalid') as via
      from (select x.*, x.subject_id as origin from placed x where x.subject_id is not null
              and x.kind <> 'withdrawal' and ${inCell(cell, bind)} and ${wide}) s
      union all
      select c.subject_id, s.subject_id, s.kind, s.at, null::bytea, array_agg(distinct c.fold)
      from (select x.* from placed x where x.subject_id is not null and ${inCell(cell, bind)} and ${wide}) s
      join permissions.v_contact_point p on p.subject_id = s.subject_id and p.class <> 'invalid'
      join permissions.v_contact_point c on c.fold = p.fold and c.class <> 'invalid'
        and c.subject_id <> s.subject_id
      group by c.subject_id, s.subject_id, s.kind, s.at, s.purpose, s.channel, s.recipient
      union all
      select distinct c.subject_id, null::uuid, s.kind, s.at,
        case when s.kind in (${words(OF_CONTACT_POINT)}) then s.fold end, array[s.fold]
      from (select x.* from placed x where x.fold is not null and ${inCell(cell, bind)} and ${wide}) s
      join permissions.v_contact_point c on c.fold = s.fold and c.class <> 'invalid'
    ) r
    left join own o on o.subject_id = r.person
    cross join lateral (select ${enders(cell, bind)} as at) ended
    where not coalesce(ended.at > r.at and ended.at <= ${now}, false)
      and not (r.kind in (${words(OPTIONAL)}) and coalesce(o.confirmed_at > least(r.at, ${now}), false))`,
  );
  return `
    with placed as (
      select subject_id, fold, kind, purpose, channel, '' as recipient, at from permissions.v_stop
      union all
      select subject_id, null, 'withdrawal', purpose, channel, recipient, at
      from permissions.v_consent where act = 'withdrawn'
    )
    select person, kind, fold, max(since) as since from (${parts.join(' union all ')}) found
    group by person, kind, fold`;
}

const inCell = (cell: Cell, bind: Bind): string =>
  `${coversSql('x', cell, bind)} and ${atRecipientSql('x', cell, bind)}`;

const words = (kinds: readonly StopKind[]): string => kinds.map((kind) => `'${kind}'`).join(', ');

const enders = (cell: Cell, bind: Bind): string =>
  `case r.kind ${Object.entries(ENDERS)
    .map(([kind, of]) => `when '${kind}' then greatest(${of(cell, bind).join(', ')})`)
    .join(' ')} end`;

/** The stops of {@link stopsSql} (relation `stopped`) as one row a person, for a join of whole tables. */
export const stopsByPersonSql = `
  select person, array_agg(kind) as kinds, array_agg(fold) as folds, array_agg(since) as sinces
  from stopped group by person`;

/**
 * The bits of the stops in force for a person and a candidate contact point `c` (maybe none), over the
 * row `t` of {@link stopsByPersonSql}, which is null for most people.
 */
export function stopBitsSql(terms: Terms, bind: Bind): string {
  const now = bind(formatInstant(terms.at), 'timestamptz');
  return `case when t.person is null then 0 else coalesce((
    select bit_or(case u.kind ${(Object.keys(ENDERS) as StopKind[])
      .map((kind) => `when '${kind}' then ${stopBit(kind)}`)
      .join(' ')} else 0 end)
    from unnest(t.kinds, t.folds, t.sinces) as u (kind, fold, since)
    where (u.fold is null or u.fold = c.fold)
      and not (u.kind in (${words(BY_CONFIRMED_CONTACT)})
        and coalesce(c.confirmed_at > u.since and c.confirmed_at <= ${now}, false))
  ), 0) end`;
}

const NONE = `select null::uuid as person, ''::text as kind, null::bytea as fold,
  null::timestamptz as since where false`;
