export { cadenceMs, cadenceSchema, turnAfter } from './cadence.js';
export { compileSegment, type CompiledSegment } from './compile-segment.js';
export {
  difference,
  MAY_BE_HELD,
  MEMBER_EVENTS,
  type MemberEvent,
  type MemberState,
  nextMemberState,
} from './membership.js';
export { type ParsedSegment, parseSegment, type Segment, segmentSchema } from './segment.js';
