import { z } from 'zod';

/** The id is stored with the attempt. One that holds a match key is an echo of what was sent. */
const acceptance = z.object({
  requestId: z.string().regex(/^(?!.*[0-9a-fA-F]{64})[\w.:-]{1,128}$/),
});

/** The job's id in the reply to a request that was taken; `undefined` if it can't be read. */
export function readAcceptance(body: unknown): string | undefined {
  return acceptance.safeParse(body).data?.requestId;
}
