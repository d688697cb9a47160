import type { EntitySchema } from 'typeorm';
import type { attempt } from './entities/audiences/attempt.js';
import type { audience } from './entities/audiences/audience.js';
import type { member } from './entities/audiences/member.js';
import type { removal } from './entities/audiences/removal.js';
import type { run } from './entities/audiences/run.js';
import type { consent } from './entities/permissions/consent.js';
import type { contactPoint } from './entities/permissions/contact-point.js';
import type { lift, stop } from './entities/permissions/stop.js';
import type { subject } from './entities/permissions/subject.js';

/** A row as the driver gives it: bigint is a string, timestamptz a `Date`, bytea a `Buffer`. */
type RowOf<Entity> = Entity extends EntitySchema<infer Row> ? Row : never;

export type AttemptRow = RowOf<typeof attempt>;
export type AudienceRow = RowOf<typeof audience>;
export type MemberRow = RowOf<typeof member>;
export type RemovalRow = RowOf<typeof removal>;
export type RunRow = RowOf<typeof run>;
export type ConsentRow = RowOf<typeof consent>;
export type ContactPointRow = RowOf<typeof contactPoint>;
export type LiftRow = RowOf<typeof lift>;
export type StopRow = RowOf<typeof stop>;
export type SubjectRow = RowOf<typeof subject>;
