import type { Finding } from './faults.js';
import type { LegalPack } from './legal-pack-schema.js';
import type { Policy } from './policy-schema.js';

/** Where the text is weaker than the law: a warning that names the floor the engine applies instead. */
function checkFloor(policy: Policy, legal: LegalPack): Finding[] {
  const findings: Finding[] = [];
  const weaker = (path: readonly PropertyKey[], floor: string): void => {
    findings.push({ path, severity: 'warning', message: `weaker than the law; applied: ${floor}` });
  };
  for (const { channel, article } of legal.opt_in_channels) {
    if (policy.channel_defaults[channel] === 'opt_out') {
      weaker(['channel_defaults', channel], `recorded consent first (${article})`);
    }
  }
  const ads = policy.ad_matching;
  ads?.bases.forEach((basis, at) => {
    if (!legal.ad_matching.bases.includes(basis)) {
      weaker(
        ['ad_matching', 'bases', at],
        `only ${legal.ad_matching.bases.join(', ')} (${legal.ad_matching.article})`,
      );
    }
  });
  if (ads?.hashed_as === 'non_identifying') {
    weaker(
      ['ad_matching', 'hashed_as'],
      `a hashed contact point stays personal data (${legal.ad_matching.article})`,
    );
  }
  const foreign = legal.foreign_transfer;
  if ((policy.processors.review_months ?? Infinity) > foreign.review_months) {
    weaker(
      ['processors', 'review_months'],
      `every ${foreign.review_months} months (${foreign.article})`,
    );
  }
  const notice = legal.notice_at_acquisition.article;
  if (policy.consent_at_acquisition === 'none') {
    weaker(['consent_at_acquisition'], `notice before the person submits (${notice})`);
  }
  if (policy.form_abandoned?.use && !policy.form_abandoned.notice_before_typing) {
    weaker(['form_abandoned', 'notice_before_typing'], `notice before typing (${notice})`);
  }
  if (policy.group_use_stated && !policy.joint_use) {
    weaker(
      ['group_use_stated'],
      `companies of the group are third parties (${legal.joint_use.article})`,
    );
  }
  return findings;
}

/** What the rest of the set must hold for this policy: its legal pack, a contract for each source. */
export function checkSurroundings(
  policy: Policy,
  around: {
    readonly legal: ReadonlyMap<string, LegalPack>;
    readonly contracts: ReadonlyMap<string, unknown>;
  },
): Finding[] {
  const legal = around.legal.get(policy.policy.legal_pack);
  if (!legal) {
    return [
      {
        path: ['policy', 'legal_pack'],
        severity: 'error',
        message: 'no such legal pack, so every decision is refused',
      },
    ];
  }
  const duties = new Set(legal.duties.map(({ id }) => id));
  return [
    ...checkFloor(policy, legal),
    ...policy.purposes.flatMap(({ id }, at): Finding[] =>
      duties.has(id)
        ? [
            {
              path: ['purposes', at, 'id'],
              severity: 'error',
              message: 'the legal pack defines this id as a duty',
            },
          ]
        : [],
    ),
    ...policy.sources.flatMap(({ id }, at): Finding[] =>
      around.contracts.has(id)
        ? []
        : [
            {
              path: ['sources', at, 'id'],
              severity: 'warning',
              message: 'no source contract, so nothing from this source may be used',
            },
          ],
    ),
  ];
}
