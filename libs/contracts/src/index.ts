export { addressKind } from './address.js';
export { COMPACT_JWE, type Contact } from './contact.js';
export { asyncApiDocument } from './documents/asyncapi.js';
export { generatedFiles } from './documents/files.js';
export { jsonSchemas } from './documents/json-schemas.js';
export { openApiDocument } from './documents/openapi.js';
export {
  cloudEventAttributes,
  type CloudEventAttributes,
  idempotencyKey,
} from './events/cloud-event.js';
export { OUTPUT_EVENTS, type OutputData, type OutputType } from './events/outputs.js';
export { EVENT_DATA, type EventData } from './events/schemas.js';
export {
  EVENT_TYPES,
  isEventType,
  isStopType,
  TOPIC_OF_TYPE,
  type EventType,
  type InputTopic,
  type StopType,
} from './events/types.js';
export { faultsOf } from './faults.js';
export * from './http/audiences.js';
export * from './http/decisions.js';
export * from './http/disclosures.js';
export * from './http/erasures.js';
export * from './http/events.js';
export * from './http/health.js';
export * from './http/links.js';
export { OPERATIONS, type Body, type Operation, type OperationId } from './http/operations.js';
export * from './http/parked.js';
export * from './http/publishers.js';
export { problem, problemOf, type Problem } from './http/problem.js';
export * from './http/readers.js';
export * from './http/recipients.js';
export * from './http/tokens.js';
export { SCOPES, type Scope } from './http/scopes.js';
export * from './http/subjects.js';
export * from './http/suspensions.js';
export * from './http/switches.js';
export { mayStop, readStopLoosely, type LooseContact, type LooseStop } from './loose-stop.js';
export { PARK_REASONS, type ParkReason } from './park-reasons.js';
export { parseBody } from './parse-body.js';
export { parseEvent, type KnownEvent, type ParsedEvent } from './parse-event.js';
