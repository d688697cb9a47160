import { type Bind, type Terms } from '@kyoka/decision';
import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Cell } from '@kyoka/permission';

/** Of a recipient named by an act, whether the act bears on the cell; see `consentsIn`. */
export const atRecipientSql = (column: string, { channel, recipients }: Cell, bind: Bind): string =>
  `(${column}.recipient in ('', '*') or ${
    channel === 'ads'
      ? `${column}.recipient = any (${bind(recipients, 'text[]')})`
      : `${column}.channel = ${bind(channel, 'text')}`
  })`;

/** Of a scope, whether it covers the cell. */
export const coversSql = (column: string, { purpose, channel }: Cell, bind: Bind): string =>
  `(${column}.purpose in ('*', ${bind(purpose, 'text')}) and ${column}.channel in ('*', ${bind(channel, 'text')}))`;

/**
 * How each subject's own acts stand in the cells of a question: one row a subject that acted there,
 * with `granted_at`, `unproven`, `withdrawn`, `provided`, `confirmed_at` (from when on every cell has a
 * confirmed grant) and `renewed` (the versions under which a grant of the purpose itself stands). The same reduction as `standingOf`.
 */
export function ownActsSql(terms: Terms, cells: readonly Cell[], bind: Bind): string {
  const now = bind(formatInstant(terms.at), 'timestamptz');
  const { recipient } = terms.question.request;
  const ads = terms.channel === 'ads';
  const inCell = ({ purpose, channel }: Cell): string =>
    `k.purpose = ${bind(purpose, 'text')} and k.channel = ${bind(channel, 'text')} and ${
      ads ? `k.recipient = any (${bind(terms.recipientNames, 'text[]')})` : `k.recipient = ''`
    }`;
  const grants = (cell: Cell, proof: string): string =>
    `max(k.at) filter (where k.act = 'granted' and ${proof} and ${inCell(cell)} and k.at <= ${now})`;
  const withdrawal = (cell: Cell, wide: boolean): string =>
    terms.purpose?.kind === 'duty'
      ? 'null::timestamptz'
      : `max(least(k.at, ${now})) filter (where k.act = 'withdrawn'
           and k.purpose ${wide ? `in ('*', ${bind(cell.purpose, 'text')})` : `= ${bind(cell.purpose, 'text')}`}
           and k.channel in ('*', ${bind(cell.channel, 'text')}) and ${atRecipientSql('k', cell, bind)})`;
  const asked = cells.find(({ purpose }) => purpose === terms.purpose?.id) ?? cells[0];
  const counting = cells.find(({ purpose }) => purpose === terms.consentPurpose) ?? cells[0];
  if (!asked || !counting) return NONE;
  const proven = `k.class <> 'unproven'`;
  const standing = cells.map(
    (cell, at) => `${withdrawal(cell, terms.optional)} as withdrawn_${at},
      ${grants(cell, proven)} as proven_${at}, ${grants(cell, `k.class = 'confirmed'`)} as confirmed_${at}`,
  );
  const provided =
    ads || recipient === undefined
      ? 'null::timestamptz as provided_at, null::timestamptz as unprovided_at'
      : `max(k.at) filter (where k.act = 'granted' and ${proven} and k.at <= ${now}
           and k.purpose = ${bind(asked.purpose, 'text')} and k.channel = ${bind(asked.channel, 'text')}
           and k.recipient = ${bind(recipient, 'text')}) as provided_at,
         max(least(k.at, ${now})) filter (where k.act = 'withdrawn' and ${coversSql('k', asked, bind)}
           and ${atRecipientSql('k', asked, bind)}) as unprovided_at`;
  const renewed = renewedSql(terms, bind, {
    grant: `k.act = 'granted' and ${proven} and ${inCell(asked)} and k.at <= ${now}`,
    withdrawal: `k.act = 'withdrawn' and ${coversSql('k', asked, bind)} and ${atRecipientSql('k', asked, bind)}`,
    now,
  });
  const each = (of: (at: number) => string, by: string): string =>
    cells.map((_, at) => of(at)).join(by);
  return `
    select subject_id, granted_at, unproven,
      (${each((at) => `withdrawn_${at} is not null and not coalesce(proven_${at} > withdrawn_${at}, false)`, ' or ')}) as withdrawn,
      (provided_at is not null and not coalesce(provided_at <= unprovided_at, false)) as provided,
      case when ${each((at) => `confirmed_${at} is not null`, ' and ')}
        then least(${each((at) => `confirmed_${at}`, ', ')}) end as confirmed_at,
      ${renewed.outer} as renewed
    from (
      select k.subject_id, ${grants(counting, proven)} as granted_at,
        coalesce(bool_or(k.act = 'granted' and k.class = 'unproven' and k.at <= ${now} and ${inCell(counting)}), false) as unproven,
        ${provided}, ${renewed.inner}, ${standing.join(', ')}
      from permissions.v_consent k
      where ${cells.map((cell) => coversSql('k', cell, bind)).join(' or ')}
      group by k.subject_id
    ) acts`;
}

const NONE = `select null::uuid as subject_id, null::timestamptz as granted_at, false as unproven,
  false as withdrawn, false as provided, null::timestamptz as confirmed_at, '{}'::text[] as renewed where false`;

/** Two parts of a statement: columns beside the grouped acts of a subject, and a list made from them. */
function renewedSql(
  { versions, versionsSince, consentNotBefore }: Terms,
  bind: Bind,
  on: { readonly grant: string; readonly withdrawal: string; readonly now: string },
): { readonly inner: string; readonly outer: string } {
  // With one version nothing is older than what is asked for.
  if (versions.size < 2) return { inner: 'null as renewed_none', outer: `'{}'::text[]` };
  const shown = versionsSince
    .map(([version, since]) => `when k.at >= ${moment(since, bind)} then ${bind(version, 'text')}`)
    .join(' ');
  const version = `coalesce(nullif(k.policy_version, ''), case ${shown} end)`;
  const keys = [...versions.keys()].map((key) => bind(key, 'text'));
  const notBefore =
    consentNotBefore === undefined ? '' : ` and k.at >= ${moment(consentNotBefore, bind)}`;
  return {
    inner: [
      ...keys.map(
        (key, at) =>
          `max(k.at) filter (where ${on.grant}${notBefore} and ${version} = ${key}) as renewed_${at}`,
      ),
      `coalesce(max(least(k.at, ${on.now})) filter (where ${on.withdrawal}), '-infinity') as unrenewed_at`,
    ].join(', '),
    outer: `array_remove(array[${keys
      .map((key, at) => `case when renewed_${at} > unrenewed_at then ${key} end`)
      .join(', ')}], null)`,
  };
}

/** A moment as SQL; the ends of time too. */
const moment = (at: Instant, bind: Bind): string =>
  bind(Number.isFinite(at) ? formatInstant(at) : at > 0 ? 'infinity' : '-infinity', 'timestamptz');
