import { type Bind, stopBit, type Terms } from '@kyoka/decision';
import { ANY, type ContactKind } from '@kyoka/kernel';
import { cellsOf } from '../cells.js';
import { type Freeze, frozenScopes } from '../freezes.js';
import { ownActsSql } from './own-acts-sql.js';
import { stopBitsSql, stopsByPersonSql, stopsSql } from './stops-sql.js';

/**
 * The facts of every stored person for one question, as the relation that the generated predicates
 * read: a row for each contact point that the channel could use, or one without (`subject_id`,
 * `contact_kind`, `token`, ...). The same facts as `personFacts`, for everybody at once.
 *
 * @param kinds the kinds of contact point that the channel can use
 */
export function factsSql(
  terms: Terms,
  freezes: readonly Freeze[],
  kinds: readonly ContactKind[],
  bind: Bind,
): string {
  const cells = cellsOf(terms);
  const carries = `c.kind = any (${bind(terms.contactKinds, 'text[]')})`;
  return `
    own as materialized (${ownActsSql(terms, cells, bind)}),
    stopped as materialized (${stopsSql(terms, cells, bind)}),
    stops_of as materialized (${stopsByPersonSql}),
    facts as (
      select s.subject_id, c.kind as candidate_kind, c.token, s.category,
        coalesce(s.cancelled_at >= coalesce(s.registered_at, '-infinity'), false) as cancelled,
        case when ${carries} then c.kind end as contact_kind,
        case when ${carries} then c.class end as contact_class,
        c.sources,
        case when ${carries} then c.confirmed_at end as confirmed_at,
        case when s.acquired_at is not null then s.acquired_source end as acquired_source,
        case when s.acquired_source is not null then s.acquired_at end as acquired_at,
        case when s.acquired_source is not null and s.acquired_at is not null then s.policy_version end as policy_version,
        case when s.acquired_source is not null and s.acquired_at is not null then s.notice_shown end as notice_shown,
        o.granted_at, coalesce(o.unproven, false) as unproven, coalesce(o.withdrawn, false) as withdrawn,
        coalesce(o.provided, false) as provided, coalesce(o.renewed, '{}') as renewed,
        ${stopBitsSql(terms, bind)} | ${freezeBitSql(terms, freezes, bind)} as stops,
        case when s.ads_on_at is null and s.ads_off_at is null then 'never_set'
          when coalesce(s.ads_off_at, '-infinity') >= coalesce(s.ads_on_at, '-infinity') then 'off'
          else 'on' end as ads_switch
      from permissions.v_subject s
      left join permissions.v_contact_point c on c.subject_id = s.subject_id
        and c.kind = any (${bind(kinds, 'text[]')}) and cardinality(c.sources) > 0
      left join own o on o.subject_id = s.subject_id
      left join stops_of t on t.person = s.subject_id
    )`;
}

/** Freezes are few, so all of one but the sources is decided here. */
function freezeBitSql(terms: Terms, freezes: readonly Freeze[], bind: Bind): string {
  const duty = terms.purpose?.kind === 'duty';
  const bit = `${stopBit('freeze')}`;
  const reaching = freezes.filter((freeze) => {
    const from = Math.min(freeze.at, terms.at);
    const lifted =
      freeze.liftedAt !== null && freeze.liftedAt > from && freeze.liftedAt <= terms.at;
    return (
      !lifted &&
      cellsOf(terms).some((cell) =>
        frozenScopes({ ...freeze, sources: [] }, cell, []).some(
          ({ purpose }) => !duty || purpose !== ANY,
        ),
      )
    );
  });
  if (reaching.some(({ sources }) => sources.length === 0)) return bit;
  const sources = [...new Set(reaching.flatMap((freeze) => freeze.sources))];
  if (sources.length === 0) return '0';
  const list = bind(sources, 'text[]');
  return `(case when coalesce(c.sources && ${list}, s.source = any (${list})) then ${bit} else 0 end)`;
}
