import { CHANNELS, textTable } from '@kyoka/kernel';
import type { LegalPack } from './legal-pack-schema.js';
import type { Policy } from './policy-schema.js';
import { type UseBasis, usesOf } from './policy-uses.js';
import { missingItems } from './published-items.js';

/**
 * A policy as a sheet that people read: for each category a table of purposes by channels, then what
 * else it says. A cell says on what a use rests: `opt-in` (recorded consent), `clause` (the text, until
 * the person stops it), `free` (no advertising: any channel the person gave), `own consent` (the text
 * names no channel), `recipient` (consent that names the ad network).
 */
export function policySheet(policy: Policy, legal: LegalPack): string {
  const { id, version, title } = policy.policy;
  const tables = policy.categories.map((category) => {
    const rows = usesOf(policy, legal, category.id).map(({ purpose, on }) => [
      purpose.id,
      ...CHANNELS.map((channel) => SAID[on[channel]]),
    ]);
    return [
      `${category.id}: ${category.label}${category.marketable ? '' : ' (never marketed to)'}`,
      rows.length === 0 ? '  no purpose' : textTable([['', ...CHANNELS], ...rows]),
    ].join('\n');
  });
  return [`${id}@${version}  ${title}`, ...tables, facts(policy), ...missing(policy, legal)].join(
    '\n\n',
  );
}

const SAID: Readonly<Record<UseBasis, string>> = {
  opt_in: 'opt-in',
  clause: 'clause',
  free: 'free',
  own_consent: 'own consent',
  recipient: 'recipient',
  none: '-',
};

const list = (values: readonly string[]): string =>
  values.length > 0 ? values.join(', ') : 'none';

function facts(policy: Policy): string {
  const { third_party: third, joint_use: joint, rights } = policy;
  const reaching = policy.ad_matching?.recipients.map(({ id }) => id) ?? [];
  return textTable([
    ['ad networks', list(reaching)],
    ['third parties', list(third.kinds ?? third.bases ?? [])],
    ['items they may have', third.items ? list(third.items) : 'not limited'],
    [
      'joint use',
      joint === 'prohibited' ? joint : list((joint ?? []).flatMap((one) => one.recipients)),
    ],
    ['cookies linked for', list(policy.cookie_linking ?? [])],
    ['after a cancellation', list(surviving(policy))],
    ['consent at acquisition', policy.consent_at_acquisition],
    ['requests', list(rights?.types ?? [])],
    [
      'fees',
      list((rights?.fees ?? []).map(({ types, yen }) => `${types.join(' and ')} ${yen} yen`)),
    ],
  ]);
}

/** What the law wants published and the policy doesn't state; nothing where it states all of it. */
function missing(policy: Policy, legal: LegalPack): string[] {
  const items = missingItems(policy, legal);
  if (items.length === 0) return [];
  const rows = items.map(({ item, article, field, only }) => [item, article, field, only ?? '']);
  return [`people can't look up\n${textTable(rows)}`];
}

const surviving = ({ after_cancellation: stated, purposes }: Policy): readonly string[] =>
  stated ?? purposes.filter((one) => one.needed_after_cancellation).map(({ id }) => id);
