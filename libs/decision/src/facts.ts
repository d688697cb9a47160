import type { Actor, ContactClass, ContactKind, Instant, StopKind } from '@kyoka/kernel';
import type { ContentOwner, ProvisionBasis, RecipientKind } from '@kyoka/policy';

/** One act on a permission. For ads `recipient` is a recipient or a group of the policy. */
export interface ConsentFact {
  readonly act: 'granted' | 'withdrawn';
  readonly purpose: string;
  readonly channel: string;
  readonly recipient?: string;
  readonly at: Instant;
  /** Id of the evidence; absent: there is none. */
  readonly evidence?: string;
  readonly actor?: Actor;
  /** Whether the person showed that the contact point is theirs when granting. */
  readonly confirmed?: boolean;
  /** `id@version` of the policy that was shown; absent: the one in force when the person acted. */
  readonly policyVersion?: string;
}

/** A stop within its scope. An absent purpose or channel stands for every one. */
export interface SuppressionFact {
  readonly kind: StopKind;
  readonly purpose?: string;
  readonly channel?: string;
  readonly at?: Instant;
  /** When it was lifted by what may lift it. */
  readonly endedAt?: Instant;
  readonly actor?: Actor;
  readonly evidence?: string;
}

export interface ContactPointFact {
  readonly kind: ContactKind;
  readonly class?: ContactClass;
  /** The sources that supplied it. */
  readonly sources?: readonly string[];
  readonly confirmedAt?: Instant;
}

/** How the person's data came in. */
export interface AcquisitionFact {
  readonly source?: string;
  readonly at?: Instant;
  /** `id@version` of the policy then in force. */
  readonly policyVersion?: string;
  readonly noticeShown?: boolean;
}

/**
 * What is known of a person for one use. A field that is absent is not known; an empty list means
 * none. Consents may be reduced to the latest per purpose, channel, recipient, act and class
 * (unproven, evidenced, confirmed); no answer depends on the order or repetition of entries.
 */
export interface PersonFacts {
  readonly category?: string;
  readonly status?: 'active' | 'cancelled';
  readonly contactPoint?: ContactPointFact;
  readonly acquired?: AcquisitionFact;
  readonly consents?: readonly ConsentFact[];
  readonly suppressions?: readonly SuppressionFact[];
  /** `never_set`: it is known that nobody touched it, so it stands at off. Absent: not known. */
  readonly adsSwitch?: 'on' | 'off' | 'never_set';
}

/** The register's entry of a recipient or processor. */
export interface RecipientFacts {
  readonly id: string;
  readonly kind?: RecipientKind;
  readonly basis?: ProvisionBasis;
  readonly contractRef?: string;
  readonly useLimitRef?: string;
  readonly items?: readonly string[];
  /** Number of the filing that opt-out provision needs. */
  readonly filing?: string;
  readonly reviewedAt?: Instant;
  /** ISO 3166-1 alpha-2, of the legal person that receives. */
  readonly country?: string;
  readonly foreignBasis?: string;
  readonly enabled?: boolean;
}

/** The period and the users of a campaign, audience, export or token. Days in Asia/Tokyo, both included. */
export interface Use {
  readonly from?: string;
  readonly to?: string;
  /** Users (`user:…`) and roles (`role:…`). */
  readonly users?: readonly string[];
}

export interface DecisionRequest {
  readonly purpose?: string;
  /** Absent only for a use that reaches nobody (an analytics purpose). */
  readonly channel?: string;
  readonly contentOwner?: ContentOwner;
  readonly recipient?: string;
  readonly actor?: string;
  /** Roles that the actor holds. */
  readonly roles?: readonly string[];
  readonly use?: Use;
  /** The use links cookies or access logs to the person. */
  readonly linking?: boolean;
  /** The use derives similar people from the list. */
  readonly lookalike?: boolean;
}

/** What one run or request asks, the same for every person. */
export interface DecisionQuestion {
  /** `id@version`. */
  readonly policy?: string;
  /** `NaN`: not known, so no version is known to be in force. */
  readonly at: Instant;
  readonly request: DecisionRequest;
  readonly recipient?: RecipientFacts;
}

/** A question about one person; without `facts` the person is unknown. */
export interface DecisionCase extends DecisionQuestion {
  readonly id?: string;
  readonly facts?: PersonFacts;
}
