import type { DecisionQuestion } from '@kyoka/decision';
import { type Instant, tokyoDay } from '@kyoka/kernel';
import { type AddressOf, loadRecipient } from '@kyoka/permission-store';
import type { Policy, PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';

/** Who asks: nobody acts on these answers. */
const ACTOR = 'kyoka:summary';

/** One marketing use that a policy in force names: a purpose on a channel, for ads at a recipient. */
export interface MarketingUse {
  readonly policy: string;
  readonly purpose: string;
  /** The policy's own words for the purpose. */
  readonly label: string;
  readonly channel: string;
  readonly recipient?: string;
}

/**
 * Every marketing use of the policies in force, for any category; on ads, at the recipients that are
 * registered.
 *
 * @param db under the role `kyoka_permissions`
 */
export async function marketingUses(db: Queryable, inForce: PolicySet): Promise<MarketingUse[]> {
  const recipients = await db.query<{ id: string }>(
    'select id from audiences.v_recipient order by id',
  );
  const known = new Set(recipients.map((row) => row.id));
  return [...inForce.policies].flatMap(([version, policy]) => usesOf(version, policy, known));
}

/** Whether a use may be made today, as a question that nobody acts on. */
export async function questionOf(
  db: Queryable,
  { policy, purpose, channel, recipient }: MarketingUse,
  { addressOf, at }: { readonly addressOf: AddressOf; readonly at: Instant },
): Promise<DecisionQuestion> {
  const facts = recipient === undefined ? undefined : await loadRecipient(db, recipient, addressOf);
  const today = tokyoDay(at);
  return {
    policy,
    at,
    request: {
      purpose,
      channel,
      contentOwner: 'own',
      actor: ACTOR,
      use: { from: today, to: today, users: [ACTOR] },
      ...(recipient !== undefined && { recipient }),
    },
    ...(facts && { recipient: facts }),
  };
}

function usesOf(policy: string, file: Policy, recipients: ReadonlySet<string>): MarketingUse[] {
  return file.purposes
    .filter((purpose) => purpose.kind === 'marketing')
    .flatMap(({ id: purpose, label }) =>
      channelsOf(file, purpose).flatMap((channel): MarketingUse[] => {
        const use = { policy, purpose, label, channel };
        if (channel !== 'ads') return [use];
        return (file.ad_matching?.recipients ?? [])
          .filter(({ id }) => recipients.has(id))
          .map(({ id: recipient }) => ({ ...use, recipient }));
      }),
    );
}

/** The channels that the policy names for a purpose, for any category. */
function channelsOf({ grants }: Policy, purpose: string): string[] {
  return [
    ...new Set(
      grants
        .filter((grant) => grant.purpose === purpose)
        .flatMap(({ channels }) => (channels === 'by_consent' ? [] : channels)),
    ),
  ];
}
