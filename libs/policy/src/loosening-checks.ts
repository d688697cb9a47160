import type { Finding } from './faults.js';
import type { LegalPack } from './legal-pack-schema.js';
import type { Policy } from './policy-schema.js';
import { allowsPurpose, type SourceContract } from './source-contract-schema.js';
import type { SourceKind } from './words.js';

/** What a policy is read beside. */
interface Around {
  readonly legal: LegalPack;
  readonly contracts: ReadonlyMap<string, SourceContract>;
}

type Path = readonly PropertyKey[];
/** Where a file would loosen something, and what says otherwise. */
type Loosened = readonly [path: Path, why: string];

/** Sources in which nobody has asked for or agreed to messages (Email Act Art. 3(1)). */
const NO_CONSENT: readonly SourceKind[] = [
  'automatic',
  'public',
  'mall',
  'dmp',
  'form_abandoned',
  'access_log',
  'call_recording',
];

/** Rules of a policy that would take away from the law's floor instead of only falling short of it. */
function loosensLaw(policy: Policy, { legal, contracts }: Around): Loosened[] {
  return [
    ...policy.purposes.flatMap(({ kind, needed_after_cancellation: needed }, at): Loosened[] => [
      ...(kind === 'duty'
        ? ([
            [
              ['purposes', at, 'kind'],
              `no stop covers a duty, so the law alone names them (${legal.stops.article})`,
            ],
          ] as const)
        : []),
      ...(needed && (kind === 'marketing' || kind === 'analytics')
        ? ([
            [
              ['purposes', at, 'needed_after_cancellation'],
              `${kind} is not needed once the person cancelled (${legal.retention.article})`,
            ],
          ] as const)
        : []),
    ]),
    ...(policy.third_party.bases ?? []).flatMap((basis, at): Loosened[] =>
      legal.provision.bases.includes(basis)
        ? []
        : [
            [
              ['third_party', 'bases', at],
              `no provision on this basis (${legal.provision.article})`,
            ],
          ],
    ),
    ...policy.sources.flatMap(({ id, kind, needs }, at): Loosened[] => {
      const contract = contracts.get(id);
      const optIn = legal.opt_in_channels[0];
      return [
        ...(contract?.earns_consent && NO_CONSENT.includes(kind) && optIn
          ? ([
              [
                ['sources', at, 'kind'],
                `nobody consents to messages in a source of this kind (${optIn.article}), and source contract ${id} lets it earn consents`,
              ],
            ] as const)
          : []),
        ...(contract && kind === 'dmp' && needs !== 'consent_reference' && allowsAnything(contract)
          ? ([
              [
                ['sources', at],
                `expected needs: consent_reference (${legal.person_related.article}), as source contract ${id} lets the data be used`,
              ],
            ] as const)
          : []),
      ];
    }),
  ];
}

const allowsAnything = ({ allows }: SourceContract): boolean =>
  allows.kinds.length + allows.purposes.length > 0;

/** What a policy says of the data of one source beyond the terms of that source. */
function loosensContract(policy: Policy, id: string, contract: SourceContract): Loosened[] {
  const { allows, retention_days: days } = contract;
  const form = policy.form_abandoned;
  const ofForm = policy.sources.some((one) => one.id === id && one.kind === 'form_abandoned');
  const longer = (path: Path, stated: number): Loosened[] =>
    days !== null && stated > days ? [[path, `${days} days at most`]] : [];
  return [
    ...(policy.retention?.rules ?? []).flatMap((rule, at) =>
      rule.source === id ? longer(['retention', 'rules', at, 'days'], rule.days) : [],
    ),
    ...(form?.use && ofForm
      ? [
          ...longer(['form_abandoned', 'keep_days'], form.keep_days),
          ...form.purposes.flatMap((named, at): Loosened[] => {
            const purpose = policy.purposes.find((one) => one.id === named);
            return !purpose || allowsPurpose(contract, purpose)
              ? []
              : [[['form_abandoned', 'purposes', at], 'not this purpose']];
          }),
          ...form.channels.flatMap((channel, at): Loosened[] =>
            allows.channels.includes(channel)
              ? []
              : [[['form_abandoned', 'channels', at], 'not this channel']],
          ),
        ]
      : []),
  ];
}

/** Rules that would loosen the legal floor or a source contract: errors, each by the name of what says otherwise. */
export function checkLoosening(policy: Policy, around: Around): Finding[] {
  const error =
    (what: string) =>
    ([path, why]: Loosened): Finding => ({
      path,
      severity: 'error',
      message: `loosens ${what}: ${why}`,
    });
  return [
    ...loosensLaw(policy, around).map(error(`the legal floor ${around.legal.legal_pack.id}`)),
    ...policy.sources.flatMap(({ id }) => {
      const contract = around.contracts.get(id);
      return contract
        ? loosensContract(policy, id, contract).map(error(`source contract ${id}`))
        : [];
    }),
  ];
}

/**
 * Grants that no source of the category allows: the text gives them, and the terms of the sources, which
 * decisions apply, don't. Warnings that name the contracts.
 */
export function checkNarrowing(
  policy: Policy,
  contracts: ReadonlyMap<string, SourceContract>,
): Finding[] {
  return policy.grants.flatMap(({ category, purpose: id }, at) => {
    const purpose = policy.purposes.find((one) => one.id === id);
    return category.flatMap((one, position): Finding[] => {
      const sources = policy.sources.filter(({ yields }) => yields.includes(one));
      const closed = sources.filter((source) => {
        const contract = contracts.get(source.id);
        return purpose && !(contract && allowsPurpose(contract, purpose));
      });
      return closed.length > 0 && closed.length === sources.length
        ? [
            {
              path: ['grants', at, 'category', position],
              severity: 'warning',
              message: `narrowed by source contract: none of ${closed.map((source) => source.id).join(', ')} allows ${id}`,
            },
          ]
        : [];
    });
  });
}
