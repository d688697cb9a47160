import * as z from 'zod';

export const healthAnswer = z
  .object({
    status: z.enum(['ok', 'unavailable']),
    checks: z.record(z.string(), z.enum(['ok', 'unavailable'])),
  })
  .meta({
    id: 'HealthAnswer',
    description: '`live`: the process runs. `ready`: what it needs answers too.',
  });
export type HealthAnswer = z.infer<typeof healthAnswer>;
