import { parseSegment, type Segment, segmentSchema } from '@kyoka/audience';
import * as z from 'zod';

/** A segment with its limits of size: they are checked before the recursive schema sees the value. */
export const segment: z.ZodType<Segment> = z.preprocess((value, context) => {
  const parsed = parseSegment(value);
  if (parsed.ok) return parsed.segment;
  for (const { field, expected } of parsed.faults) {
    context.addIssue({ code: 'custom', path: field === '' ? [] : [field], message: expected });
  }
  return z.NEVER;
}, segmentSchema);
