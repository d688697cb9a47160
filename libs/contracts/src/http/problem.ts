import { ERROR_CODES, type ErrorCode } from '@kyoka/kernel';
import * as z from 'zod';

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

export const fieldFault = z.object({ field: z.string(), expected: z.string() }).meta({
  id: 'FieldFault',
  description: 'A place and what was expected there. Never what was sent.',
});

/** RFC 9457, media type `application/problem+json`. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(codes),
    detail: z.string().optional(),
    faults: z.array(fieldFault).optional(),
  })
  .meta({
    id: 'Problem',
    description:
      'Problem details (RFC 9457). `code` is of a closed list; nothing that was sent is repeated.',
  });
export type Problem = z.infer<typeof problem>;

/** The body of a fault, `type` being `urn:kyoka:problem:CODE`. */
export function problemOf(
  status: number,
  fault: { code: ErrorCode; message: string; faults?: readonly z.infer<typeof fieldFault>[] },
): Problem {
  return {
    type: `urn:kyoka:problem:${fault.code}`,
    title: fault.message,
    status,
    code: fault.code,
    ...(fault.faults && fault.faults.length > 0 && { faults: [...fault.faults] }),
  };
}
