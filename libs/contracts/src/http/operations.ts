import type * as z from 'zod';
import { audienceAnswer, audienceRequest, endedAudienceAnswer, runAnswer } from './audiences.js';
import {
  decisionAnswer,
  decisionBatchAnswer,
  decisionBatchRequest,
  decisionRecord,
  decisionRequest,
  subjectDecisionsAnswer,
  subjectDecisionsQuery,
} from './decisions.js';
import {
  disclosureAnswer,
  disclosureApproval,
  disclosureRequest,
  disclosuresAnswer,
  disclosuresQuery,
  handOverAnswer,
} from './disclosures.js';
import { erasureAnswer, erasureRequest } from './erasures.js';
import { cloudEvent, cloudEventBatch, eventAnswer, eventBatchAnswer } from './events.js';
import { healthAnswer } from './health.js';
import { linkAnswer, linkBatchAnswer, linkBatchRequest, linkRequest } from './links.js';
import {
  dismissAnswer,
  dismissRequest,
  parkedAnswer,
  parkedQuery,
  replayAnswer,
  replayRequest,
} from './parked.js';
import {
  publisherAnswer,
  publisherKeyAnswer,
  publisherRequest,
  publishersAnswer,
  revokePublisherRequest,
  rotatePublisherRequest,
} from './publishers.js';
import { readerAnswer, readerRequest, readersAnswer } from './readers.js';
import { recipientAnswer, recipientRequest } from './recipients.js';
import {
  erasedSubject,
  findSubjectsAnswer,
  findSubjectsRequest,
  subjectAnswer,
} from './subjects.js';
import {
  revokedTokensAnswer,
  revokeTokenRequest,
  tokenAnswer,
  tokenRequest,
  tokensAnswer,
} from './tokens.js';
import type { Scope } from './scopes.js';
import { suspensionAnswer, suspensionRequest } from './suspensions.js';
import {
  freezeAnswer,
  freezeLiftRequest,
  freezeRequest,
  freezesAnswer,
  switchAnswer,
  policiesAnswer,
  policyTrialAnswer,
  policyTrialRequest,
  switchRequest,
} from './switches.js';

export interface Body {
  readonly schema: z.ZodType;
  readonly mediaType?: string;
}

/** One HTTP operation as it is documented, served and tested. `path` is in OpenAPI form. */
export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  readonly open?: true;
  /** The scopes of the token, every one; without them any valid token will do. */
  readonly needs?: readonly Scope[];
  readonly idempotencyKey?: true;
  /** What may follow the path; it never holds anything about a person. */
  readonly query?: z.ZodObject;
  /** Several where the media type chooses. */
  readonly requests?: readonly Body[];
  /** Success answers; several schemas under one status where the request chooses. Faults are problem details everywhere. */
  readonly answers: readonly { readonly status: number; readonly schemas: readonly z.ZodType[] }[];
}

const body = (schema: z.ZodType): readonly Body[] => [{ schema }];
const answer = (status: number, ...schemas: z.ZodType[]) => ({ status, schemas });

export const OPERATIONS = [
  {
    id: 'publishEvents',
    method: 'post',
    path: '/v1/events',
    needs: ['events:publish'],
    summary: 'Take one event or a batch; durable before it answers',
    requests: [
      { schema: cloudEvent, mediaType: 'application/cloudevents+json' },
      { schema: cloudEventBatch, mediaType: 'application/cloudevents-batch+json' },
    ],
    answers: [answer(202, eventAnswer, eventBatchAnswer)],
  },
  {
    id: 'readParked',
    method: 'get',
    path: '/v1/parked',
    needs: ['parked:read'],
    summary: 'Parked events: how many wait for which reason, and the oldest',
    query: parkedQuery,
    answers: [answer(200, parkedAnswer)],
  },
  {
    id: 'replayParked',
    method: 'post',
    path: '/v1/parked:replay',
    needs: ['parked:replay'],
    summary: 'Try parked events again',
    requests: body(replayRequest),
    answers: [answer(200, replayAnswer)],
  },
  {
    id: 'dismissParked',
    method: 'post',
    path: '/v1/parked/{id}/dismiss',
    needs: ['parked:replay'],
    summary: 'Close a parked event that needs nothing more',
    requests: body(dismissRequest),
    answers: [answer(200, dismissAnswer)],
  },
  {
    id: 'registerPublisher',
    method: 'post',
    path: '/v1/publishers',
    needs: ['publishers:write'],
    summary: 'Register a publisher, and make its key: shown this once',
    requests: body(publisherRequest),
    answers: [answer(201, publisherKeyAnswer)],
  },
  {
    id: 'readPublishers',
    method: 'get',
    path: '/v1/publishers',
    needs: ['publishers:write'],
    summary: 'Every publisher with its keys, without what is secret',
    answers: [answer(200, publishersAnswer)],
  },
  {
    id: 'rotatePublisher',
    method: 'post',
    path: '/v1/publishers/{id}/rotate',
    needs: ['publishers:write'],
    summary: 'Make another key; the earlier ones end when the overlap does',
    requests: body(rotatePublisherRequest),
    answers: [answer(201, publisherKeyAnswer)],
  },
  {
    id: 'revokePublisher',
    method: 'post',
    path: '/v1/publishers/{id}/revoke',
    needs: ['publishers:write'],
    summary: 'End every key of a publisher at once',
    requests: body(revokePublisherRequest),
    answers: [answer(200, publisherAnswer)],
  },
  {
    id: 'decide',
    method: 'post',
    path: '/v1/decisions',
    needs: ['decisions:ask'],
    summary: 'Whether a person’s data may be used, and why',
    requests: body(decisionRequest),
    answers: [answer(200, decisionAnswer)],
  },
  {
    id: 'decideBatch',
    method: 'post',
    path: '/v1/decisions:batch',
    needs: ['decisions:ask'],
    summary: 'Up to 1000 decisions',
    requests: body(decisionBatchRequest),
    answers: [answer(200, decisionBatchAnswer)],
  },
  {
    id: 'readDecision',
    method: 'get',
    path: '/v1/decisions/{id}',
    needs: ['subjects:read'],
    summary: 'A stored decision with everything that explains it; who read it is kept',
    answers: [answer(200, decisionRecord)],
  },
  {
    id: 'readSubject',
    method: 'get',
    path: '/v1/subjects/{id}',
    needs: ['subjects:read'],
    summary: 'Permissions, evidence, releases and suspensions of a subject',
    answers: [answer(200, subjectAnswer, erasedSubject)],
  },
  {
    id: 'decideSubject',
    method: 'get',
    path: '/v1/subjects/{id}/decisions',
    needs: ['subjects:read'],
    summary: 'Every purpose on every channel of the policies in force, decided for a subject',
    query: subjectDecisionsQuery,
    answers: [answer(200, subjectDecisionsAnswer)],
  },
  {
    id: 'findSubjects',
    method: 'post',
    path: '/v1/subjects:find',
    needs: ['subjects:read'],
    summary: 'Ids of the subjects with a reference or a contact point',
    requests: body(findSubjectsRequest),
    answers: [answer(200, findSubjectsAnswer)],
  },
  {
    id: 'makeLink',
    method: 'post',
    path: '/v1/subjects/{id}/page-tokens',
    needs: ['subjects:read', 'suspensions:write'],
    summary: 'Make a link to a person’s own page, for a message to them',
    requests: body(linkRequest),
    answers: [answer(201, linkAnswer)],
  },
  {
    id: 'makeLinks',
    method: 'post',
    path: '/v1/page-tokens:batch',
    needs: ['subjects:read', 'suspensions:write'],
    summary: 'Make up to 1000 links',
    requests: body(linkBatchRequest),
    answers: [answer(201, linkBatchAnswer)],
  },
  {
    id: 'suspend',
    method: 'post',
    path: '/v1/suspensions',
    needs: ['suspensions:write'],
    summary: 'Suspend the use of a person’s data: the barrier stands before the answer',
    requests: body(suspensionRequest),
    answers: [answer(201, suspensionAnswer)],
  },
  {
    id: 'readSuspension',
    method: 'get',
    path: '/v1/suspensions/{id}',
    needs: ['suspensions:write'],
    summary: 'Progress of a suspension per recipient',
    answers: [answer(200, suspensionAnswer)],
  },
  {
    id: 'erase',
    method: 'post',
    path: '/v1/erasures',
    needs: ['erasures:write'],
    summary: 'Erase a person: nothing is used from the answer on, the rest follows',
    requests: body(erasureRequest),
    answers: [answer(201, erasureAnswer)],
  },
  {
    id: 'readErasure',
    method: 'get',
    path: '/v1/erasures/{id}',
    needs: ['erasures:write'],
    summary: 'How an erasure stands, and its receipt',
    answers: [answer(200, erasureAnswer)],
  },
  {
    id: 'freeze',
    method: 'post',
    path: '/v1/freezes',
    needs: ['freezes:write'],
    summary: 'Stop every release within a scope',
    requests: body(freezeRequest),
    answers: [answer(201, freezeAnswer)],
  },
  {
    id: 'readFreezes',
    method: 'get',
    path: '/v1/freezes',
    needs: ['operations:read'],
    summary: 'The freezes that stand',
    answers: [answer(200, freezesAnswer)],
  },
  {
    id: 'liftFreeze',
    method: 'post',
    path: '/v1/freezes/{id}/lift',
    needs: ['freezes:write'],
    summary: 'End a freeze, by the role that set it',
    requests: body(freezeLiftRequest),
    answers: [answer(200, freezeAnswer)],
  },
  {
    id: 'openDisclosure',
    method: 'post',
    path: '/v1/disclosures',
    needs: ['disclosures:write', 'subjects:read'],
    summary: 'Open a case of disclosure without consent, and learn what it lacks',
    requests: body(disclosureRequest),
    answers: [answer(201, disclosureAnswer)],
  },
  {
    id: 'readDisclosures',
    method: 'get',
    path: '/v1/disclosures',
    needs: ['subjects:read'],
    summary: 'The newest cases, for who may open or approve one',
    query: disclosuresQuery,
    answers: [answer(200, disclosuresAnswer)],
  },
  {
    id: 'readDisclosure',
    method: 'get',
    path: '/v1/disclosures/{id}',
    needs: ['subjects:read'],
    summary: 'A case, without what is disclosed, for who may open or approve one',
    answers: [answer(200, disclosureAnswer)],
  },
  {
    id: 'approveDisclosure',
    method: 'post',
    path: '/v1/disclosures/{id}/approval',
    needs: ['disclosures:approve', 'subjects:read'],
    summary: 'Approve or refuse a case that somebody else opened',
    requests: body(disclosureApproval),
    answers: [answer(200, disclosureAnswer)],
  },
  {
    id: 'handOver',
    method: 'post',
    path: '/v1/disclosures/{id}/hand-over',
    needs: ['subjects:read'],
    summary: 'The data of an approved case, once, to who opened or approved it',
    answers: [answer(200, handOverAnswer)],
  },
  {
    id: 'registerReader',
    method: 'post',
    path: '/v1/readers',
    needs: ['publishers:write'],
    summary: 'Register a reader of a topic: its events then carry the references of these sources',
    requests: body(readerRequest),
    answers: [answer(201, readerAnswer)],
  },
  {
    id: 'readReaders',
    method: 'get',
    path: '/v1/readers',
    needs: ['publishers:write'],
    summary: 'Every reader of an output topic',
    answers: [answer(200, readersAnswer)],
  },
  {
    id: 'endReader',
    method: 'post',
    path: '/v1/readers/{id}/end',
    needs: ['publishers:write'],
    summary: 'End a reader before its last day',
    answers: [answer(200, readerAnswer)],
  },
  {
    id: 'registerRecipient',
    method: 'post',
    path: '/v1/recipients',
    needs: ['recipients:write'],
    summary: 'Register a recipient, or renew what is known of it; it stays switched as it is',
    requests: body(recipientRequest),
    answers: [answer(200, recipientAnswer)],
  },
  {
    id: 'switchRecipient',
    method: 'post',
    path: '/v1/recipients/{id}/switch',
    needs: ['recipients:write'],
    summary: 'Ask to switch a recipient on, approve it as another owner, or switch it off',
    requests: body(switchRequest),
    answers: [answer(200, switchAnswer), answer(202, switchAnswer)],
  },
  {
    id: 'switchPolicy',
    method: 'post',
    path: '/v1/policies/{id}/switch',
    needs: ['policies:write'],
    summary: 'Ask to switch a policy version on, approve it as another owner, or switch it off',
    requests: body(switchRequest),
    answers: [answer(200, switchAnswer), answer(202, switchAnswer)],
  },
  {
    id: 'listPolicies',
    method: 'get',
    path: '/v1/policies',
    needs: ['operations:read'],
    summary: 'The versions of every policy, and when each was in force and by whom',
    answers: [answer(200, policiesAnswer)],
  },
  {
    id: 'tryPolicy',
    method: 'post',
    path: '/v1/policies/{id}/trials',
    needs: ['policies:write', 'subjects:read'],
    summary: 'What a policy version would change for the people stored, before it goes live',
    requests: body(policyTrialRequest),
    answers: [answer(200, policyTrialAnswer)],
  },
  {
    id: 'defineAudience',
    method: 'post',
    path: '/v1/audiences',
    needs: ['audiences:write'],
    summary: 'Define an audience',
    requests: body(audienceRequest),
    answers: [answer(201, audienceAnswer)],
  },
  {
    id: 'readAudience',
    method: 'get',
    path: '/v1/audiences/{id}',
    needs: ['audiences:run'],
    summary: 'An audience, when it runs next, and why it did not',
    answers: [answer(200, audienceAnswer)],
  },
  {
    id: 'runAudience',
    method: 'post',
    path: '/v1/audiences/{id}/runs',
    needs: ['audiences:run'],
    summary: 'Start a run; the same Idempotency-Key answers with the same run',
    idempotencyKey: true,
    answers: [answer(202, runAnswer)],
  },
  {
    id: 'readRun',
    method: 'get',
    path: '/v1/audiences/{id}/runs/{run}',
    needs: ['audiences:run'],
    summary: 'The waterfall of a run',
    answers: [answer(200, runAnswer)],
  },
  {
    id: 'endAudience',
    method: 'post',
    path: '/v1/audiences/{id}/end',
    needs: ['audiences:write'],
    summary: 'End an audience before its period: its members leave the network',
    answers: [answer(200, endedAudienceAnswer)],
  },
  {
    id: 'makeToken',
    method: 'post',
    path: '/v1/tokens',
    summary: 'Make a token; it is shown this once',
    requests: body(tokenRequest),
    answers: [answer(201, tokenAnswer)],
  },
  {
    id: 'readTokens',
    method: 'get',
    path: '/v1/tokens',
    summary: 'Tokens and what became of them',
    answers: [answer(200, tokensAnswer)],
  },
  {
    id: 'revokeToken',
    method: 'post',
    path: '/v1/tokens/{id}/revoke',
    summary: 'Revoke a token and everything made with it, at once',
    requests: body(revokeTokenRequest),
    answers: [answer(200, revokedTokensAnswer)],
  },
  {
    id: 'endOwner',
    method: 'post',
    path: '/v1/owners/{owner}/end',
    needs: ['tokens:write'],
    summary: 'End every session and token of an owner and everything made with them',
    requests: body(revokeTokenRequest),
    answers: [answer(200, revokedTokensAnswer)],
  },
  {
    id: 'readLiveness',
    method: 'get',
    path: '/health/live',
    summary: 'The process runs',
    open: true,
    answers: [answer(200, healthAnswer)],
  },
  {
    id: 'readReadiness',
    method: 'get',
    path: '/health/ready',
    summary: 'The process can do its work',
    open: true,
    answers: [answer(200, healthAnswer), answer(503, healthAnswer)],
  },
] as const satisfies readonly Operation[];
export type OperationId = (typeof OPERATIONS)[number]['id'];
