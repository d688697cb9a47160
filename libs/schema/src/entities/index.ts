import * as accessChain from './access/chain.js';
import * as credentials from './access/credentials.js';
import { attempt, attemptItem } from './audiences/attempt.js';
import { audience } from './audiences/audience.js';
import * as audiencesChain from './audiences/chain.js';
import { contactCursor } from './audiences/contact-cursor.js';
import { member } from './audiences/member.js';
import { networkPace } from './audiences/network-pace.js';
import { outbox as audiencesOutbox } from './audiences/outbox.js';
import { recipientVersion } from './audiences/recipient-version.js';
import { policyVersion } from './audiences/policy-version.js';
import { recipient } from './audiences/recipient.js';
import { removal, removalStop } from './audiences/removal.js';
import { gateRefusal, run, runSubject } from './audiences/run.js';
import { switchAct } from './audiences/switch-act.js';
import { audiencesFigure, permissionsFigure } from './figure.js';
import { event } from './intake/event.js';
import { journalPosition } from './intake/journal-position.js';
import { parked } from './intake/parked.js';
import { publisher, publisherKey } from './intake/publisher.js';
import * as permissionsChain from './permissions/chain.js';
import { consent } from './permissions/consent.js';
import { contactPoint } from './permissions/contact-point.js';
import { disclosureStep } from './permissions/disclosure.js';
import { bucketRotation, erasure, erasureSubject } from './permissions/erasure.js';
import { freeze } from './permissions/freeze.js';
import { orderCancellation, orderLine, orderVersion } from './permissions/order.js';
import { outbox as permissionsOutbox } from './permissions/outbox.js';
import { dutyMail, pageConfirmation, pageToken } from './permissions/page.js';
import { reader } from './permissions/reader.js';
import { stopAct } from './permissions/stop-act.js';
import { lift, stop } from './permissions/stop.js';
import { subject } from './permissions/subject.js';
import { term } from './permissions/term.js';
import { unrecordedFold } from './permissions/unrecorded-fold.js';
import { vault } from './permissions/vault.js';

const INTAKE = [event, journalPosition, parked, publisher, publisherKey];

const PERMISSIONS = [
  bucketRotation,
  erasure,
  erasureSubject,
  permissionsChain.block,
  permissionsChain.chainHead,
  permissionsChain.decision,
  permissionsChain.ledger,
  consent,
  contactPoint,
  disclosureStep,
  freeze,
  lift,
  orderCancellation,
  orderLine,
  orderVersion,
  permissionsFigure,
  permissionsOutbox,
  reader,
  dutyMail,
  pageConfirmation,
  pageToken,
  stop,
  stopAct,
  subject,
  term,
  unrecordedFold,
  vault,
];

const AUDIENCES = [
  attempt,
  attemptItem,
  audience,
  audiencesChain.block,
  audiencesChain.chainHead,
  audiencesChain.release,
  contactCursor,
  gateRefusal,
  member,
  networkPace,
  audiencesFigure,
  audiencesOutbox,
  policyVersion,
  recipient,
  recipientVersion,
  removal,
  removalStop,
  run,
  runSubject,
  switchAct,
];

const ACCESS = [
  accessChain.act,
  accessChain.block,
  accessChain.chainHead,
  credentials.person,
  credentials.quota,
  credentials.session,
  credentials.signInLink,
  credentials.token,
];

/** Every table of every context. */
export const ENTITIES = [...INTAKE, ...PERMISSIONS, ...AUDIENCES, ...ACCESS];
