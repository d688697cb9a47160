import type { ContactKind, Instant, Json } from '@kyoka/kernel';
import type { ConsentRegister, LiftRegister, StopRegister } from '@kyoka/permission';
import type {
  OrderLineWrite,
  StopActKind,
  SubjectName,
  SubjectWrite,
} from '@kyoka/permission-store';

/** Where a stop or lift of an event counts from: its subject, or each of its contact points. */
export type Target = 'subject' | 'contacts';

interface StopActDraft {
  readonly kind: StopActKind;
  readonly target: Target;
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
  readonly recipients: readonly string[];
  readonly actAt: Instant;
}

/** Everything that one accepted event changes, before ids are known. Lists that are absent are empty. */
export interface Effects {
  readonly subject?: SubjectName | undefined;
  readonly about?: Omit<SubjectWrite, 'id'>;
  /** Moment of the event for its contact points (first and last seen). */
  readonly contactsAt: Instant;
  /** Kinds of its contact points that the event supplies for use; those of other kinds serve reach alone. */
  readonly supplies?: readonly ContactKind[];
  /** Confirms every contact point of the event at this moment. */
  readonly confirmsContactsAt?: Instant | undefined;
  readonly consents?: readonly ConsentRegister[];
  readonly stops?: readonly { readonly target: Target; readonly register: StopRegister }[];
  readonly lifts?: readonly { readonly target: Target; readonly register: LiftRegister }[];
  readonly stopActs?: readonly StopActDraft[];
  readonly orderLines?: readonly Omit<OrderLineWrite, 'subjectId'>[];
  readonly cancellation?: {
    readonly source: string;
    readonly orderRef: string;
    readonly at: Instant;
  };
  /** What the ledger keeps of the act. */
  readonly ledger: {
    readonly act: string;
    readonly at: Instant;
    readonly body: Readonly<Record<string, Json | undefined>>;
  };
}

export interface EffectContext {
  readonly arrivedAt: Instant;
  /** `ce_source` and `ce_id`, which break ties between facts of one moment, by their bytes. */
  readonly eventKey: string;
  /** Whether a confirmation that this event carries counts (source contract). */
  readonly attests: boolean;
  /** Whether a grant that this event carries may count (source contract). */
  readonly earnsConsent: boolean;
}

/** An event that may not take effect as it stands. */
export interface Parked {
  readonly parked: 'dated_ahead';
}
