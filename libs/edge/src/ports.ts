import type { Identity, SessionAdmin, TokenAdmin } from '@kyoka/access';
import type {
  PoliciesAnswer,
  PolicyTrialAnswer,
  PolicyTrialRequest,
  AudienceAnswer,
  AudienceRequest,
  DecisionAnswer,
  DecisionRecord,
  DecisionRequest,
  DisclosureAnswer,
  DisclosureApproval,
  DisclosureRequest,
  DisclosuresAnswer,
  DisclosuresQuery,
  DismissAnswer,
  ErasedSubject,
  ErasureAnswer,
  ErasureRequest,
  EndedAudienceAnswer,
  FreezeAnswer,
  FreezeRequest,
  FreezesAnswer,
  HandOverAnswer,
  LinkAnswer,
  LinkBatchAnswer,
  LinkBatchRequest,
  LinkRequest,
  ParkedAnswer,
  ParkedQuery,
  PublisherAnswer,
  PublisherKeyAnswer,
  PublisherRequest,
  PublishersAnswer,
  ReaderAnswer,
  ReaderRequest,
  ReadersAnswer,
  RecipientAnswer,
  RecipientRequest,
  ReplayAnswer,
  ReplayRequest,
  RotatePublisherRequest,
  RunAnswer,
  SubjectAnswer,
  SubjectDecisionsAnswer,
  SubjectDecisionsQuery,
  SubjectSelector,
  SuspensionAnswer,
  SuspensionRequest,
  SwitchAnswer,
  SwitchRequest,
} from '@kyoka/contracts';
import type { IngestOptions, IntakeAnswer, RawEvent } from '@kyoka/intake';

/** Takes events and answers once they are durable. */
export interface IntakePort {
  /** @throws KyokaError `database_unavailable`: nothing of the failed part was taken */
  ingest(events: readonly RawEvent[], options?: IngestOptions): Promise<IntakeAnswer[]>;
}

export interface DecisionsPort {
  /** An answer per request, in their order. A refusal is an answer. */
  decide(requests: readonly DecisionRequest[], caller: Identity): Promise<DecisionAnswer[]>;
  /** Every use of the policies in force, decided for a subject; who looked at whom is kept. */
  decideSubject(
    id: string,
    query: SubjectDecisionsQuery,
    caller: Identity,
  ): Promise<SubjectDecisionsAnswer | undefined>;
  /** A stored decision, of one that was asked or of a release. Who read it is kept. */
  read(id: string, caller: Identity): Promise<DecisionRecord | undefined>;
}

export interface SubjectsPort {
  /** Of one that was erased, the receipt. */
  /** Who looked at whom is kept. */
  read(id: string, caller: Identity): Promise<SubjectAnswer | ErasedSubject | undefined>;
  /** Ids of the subjects that a selector names; by contact there may be several. */
  find(selector: SubjectSelector, caller: Identity): Promise<string[]>;
}

export interface LinksPort {
  /** @throws KyokaError `not_found` for the subject, `bad_input` for an address that isn't theirs */
  make(subject: string, request: LinkRequest, caller: Identity): Promise<LinkAnswer>;
  /** An answer per link, in their order. */
  makeMany(request: LinkBatchRequest, caller: Identity): Promise<LinkBatchAnswer>;
}

export interface SuspensionsPort {
  /** Returns once the barrier stands. */
  suspend(request: SuspensionRequest, caller: Identity): Promise<SuspensionAnswer>;
  read(id: string): Promise<SuspensionAnswer | undefined>;
}

export interface ErasuresPort {
  /** Returns once the barrier stands. */
  erase(request: ErasureRequest, caller: Identity): Promise<ErasureAnswer>;
  read(id: string): Promise<ErasureAnswer | undefined>;
}

export interface FreezesPort {
  /** Those that stand. */
  list(): Promise<FreezesAnswer>;
  set(request: FreezeRequest, caller: Identity): Promise<FreezeAnswer>;
  /** @throws KyokaError `not_found`, `not_permitted` (another role set it), `conflict` (ended already) */
  lift(id: string, reason: string, caller: Identity): Promise<FreezeAnswer>;
}

/** Every act throws KyokaError `not_permitted` for who has neither scope of disclosures. */
export interface DisclosuresPort {
  list(query: DisclosuresQuery, caller: Identity): Promise<DisclosuresAnswer>;
  read(id: string, caller: Identity): Promise<DisclosureAnswer | undefined>;
  /** A case that lacks something is kept as well, and can go no further. */
  open(request: DisclosureRequest, caller: Identity): Promise<DisclosureAnswer>;
  /** @throws KyokaError `not_found`, `not_permitted` (not a second person), `conflict` */
  decide(id: string, approval: DisclosureApproval, caller: Identity): Promise<DisclosureAnswer>;
  /** The values are in this answer only. @throws KyokaError `not_found`, `not_permitted` (not named in the case), `conflict` */
  handOver(id: string, caller: Identity): Promise<HandOverAnswer>;
}

export interface ReadersPort {
  list(): Promise<ReadersAnswer>;
  register(request: ReaderRequest, caller: Identity): Promise<ReaderAnswer>;
  /** Ending what has ended answers with who did. @throws KyokaError `not_found` */
  end(id: string, caller: Identity): Promise<ReaderAnswer>;
}

export interface RecipientsPort {
  /** @throws KyokaError `conflict` for other terms of a recipient that two people have agreed to */
  register(request: RecipientRequest, caller: Identity): Promise<RecipientAnswer>;
}

export type SwitchTarget = 'recipient' | 'policy';

export interface SwitchesPort {
  /** @throws KyokaError `not_found`, `not_permitted` (the requester can't approve), `conflict` */
  change(
    target: SwitchTarget,
    id: string,
    request: SwitchRequest,
    caller: Identity,
  ): Promise<SwitchAnswer>;
}

export interface PolicyVersionsPort {
  list(): Promise<PoliciesAnswer>;
}

export interface PolicyTrialsPort {
  /** @throws KyokaError `not_found` for a version that isn't deployed */
  try(id: string, request: PolicyTrialRequest): Promise<PolicyTrialAnswer>;
}

export interface AudiencesPort {
  define(request: AudienceRequest, caller: Identity): Promise<AudienceAnswer>;
  read(audience: string): Promise<AudienceAnswer | undefined>;
  /** Starts a run, or finds the one of the same key. */
  run(audience: string, idempotencyKey: string, caller: Identity): Promise<RunAnswer>;
  readRun(audience: string, run: string): Promise<RunAnswer | undefined>;
  /** Ending what has ended answers with who did. @throws KyokaError `not_found` */
  end(audience: string, caller: Identity): Promise<EndedAudienceAnswer>;
}

export type TokensPort = TokenAdmin;

export type SessionsPort = SessionAdmin;

export interface ParkedPort {
  list(query: ParkedQuery): Promise<ParkedAnswer>;
  replay(request: ReplayRequest, caller: Identity): Promise<ReplayAnswer>;
  /** @throws KyokaError `not_found` for what waits no longer */
  dismiss(id: string, reason: string, caller: Identity): Promise<DismissAnswer>;
}

export interface PublishersPort {
  list(): Promise<PublishersAnswer>;
  /** The key is in this answer only. */
  register(request: PublisherRequest, caller: Identity): Promise<PublisherKeyAnswer>;
  /** @throws KyokaError `not_found`, `conflict` (revoked, or past its end) */
  rotate(
    id: string,
    request: RotatePublisherRequest,
    caller: Identity,
  ): Promise<PublisherKeyAnswer>;
  /** Holds once it is answered. @throws KyokaError `not_found` */
  revoke(id: string, reason: string, caller: Identity): Promise<PublisherAnswer>;
}
