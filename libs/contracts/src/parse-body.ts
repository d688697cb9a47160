import type { FieldFault } from '@kyoka/kernel';
import type * as z from 'zod';
import { faultsOf } from './faults.js';

/** Checks a request body; faults name fields of the contract and what was expected, never what was sent. */
export function parseBody<S extends z.ZodType>(
  schema: S,
  body: unknown,
): { ok: true; value: z.infer<S> } | { ok: false; faults: FieldFault[] } {
  const parsed = schema.safeParse(body);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, faults: faultsOf(parsed.error) };
}
