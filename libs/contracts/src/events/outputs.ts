import * as z from 'zod';
import { subjectAnswer } from '../http/subjects.js';
import { removalProgress } from '../http/suspensions.js';
import { PARK_REASONS, type ParkReason } from '../park-reasons.js';
import { moment, recordId, scope, subjectRef, text } from '../words.js';

/** The subject, and its reference where a reader of the topic is registered for its source. */
const subject = { subject: recordId, refs: z.array(subjectRef) };

const reasons = Object.keys(PARK_REASONS) as [ParkReason, ...ParkReason[]];

const permissionChanged = z
  .object({
    ...subject,
    ...subjectAnswer.pick({
      category: true,
      status: true,
      adsSwitch: true,
      retentionOver: true,
      permissions: true,
      stops: true,
    }).shape,
    at: moment,
  })
  .meta({
    id: 'PermissionChanged',
    description:
      'The whole permission state of a subject after a change; the topic is compacted by subject. A record without a value (tombstone) says that the subject was erased: the reader deletes whatever it keeps of it. A subject without a state is allowed nothing.',
  });

const suspensionProgressed = z
  .object({
    ...subject,
    subject: recordId.optional(),
    suspension: recordId,
    scope,
    step: z.enum([
      'barrier',
      'removal_requested',
      'confirmed',
      'unconfirmed',
      'overdue',
      'erasure_carried_out',
      'erased',
    ]),
    removal: removalProgress.optional(),
    unreadableAfter: z.iso.date().optional(),
    at: moment,
  })
  .meta({
    id: 'SuspensionProgressed',
    description:
      'One step of a suspension or erasure; `removal` for the steps of one recipient. `erasure_carried_out`: the rows are gone; `erased`: the key is destroyed, and after the day `unreadableAfter` (Japan) no backup or topic opens anything more. Without `subject` it waits for its contact points to appear.',
  });

const releaseCommitted = z
  .object({
    ...subject,
    decisionId: recordId,
    purpose: z.string(),
    recipient: z.string(),
    audience: recordId,
    items: z.array(z.string()),
    policy: z.string(),
    evidence: z.array(z.string()),
    at: moment,
  })
  .meta({
    id: 'ReleaseCommitted',
    description: 'What is released to whom on which decision (APPI Art. 29).',
  });

const eventParked = z
  .object({
    parked: recordId,
    reason: z.enum(reasons),
    from: z.object({ topic: text(249), partition: z.int().min(0), offset: z.string() }).optional(),
    at: moment,
  })
  .meta({
    id: 'EventParked',
    description:
      '`parked` points to the sealed original in the database; `from` is absent for HTTP.',
  });

const checkpointWritten = z
  .object({
    writer: z.string(),
    number: z.int().min(1),
    prev: z.string(),
    at: z.int(),
    heads: z.array(z.object({ chain: z.string(), number: z.int().min(0), hash: z.string() })),
    signature: z.string(),
  })
  .meta({
    id: 'CheckpointWritten',
    description:
      'A numbered, signed set of chain heads, as it also lies in the checkpoint files. `at` is in milliseconds since the epoch, because the Ed25519 signature covers it so.',
  });

/** Events that the service sends, by type: topic and schema of `data`. */
export const OUTPUT_EVENTS = {
  'jp.kyoka.permission.changed.v1': { topic: 'kyoka.permissions.v1', data: permissionChanged },
  'jp.kyoka.suspension.progressed.v1': {
    topic: 'kyoka.suspension-progress.v1',
    data: suspensionProgressed,
  },
  'jp.kyoka.release.committed.v1': { topic: 'kyoka.releases.v1', data: releaseCommitted },
  'jp.kyoka.event.parked.v1': { topic: 'kyoka.dead-letters.v1', data: eventParked },
  'jp.kyoka.checkpoint.written.v1': { topic: 'kyoka.checkpoints.v1', data: checkpointWritten },
} as const;
export type OutputType = keyof typeof OUTPUT_EVENTS;
export type OutputData<T extends OutputType> = z.infer<(typeof OUTPUT_EVENTS)[T]['data']>;
