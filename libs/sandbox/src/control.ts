import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { faultSchema } from './faults.js';
import type { NetworkContext } from './network-plugin.js';

const page = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** What no real network has: its journal and lists for tests and pages, and faults to order. */
export function controlRoutes(
  app: FastifyInstance,
  { journal, world, faults }: NetworkContext,
): void {
  app.get('/_sandbox/journal', async (request, reply) => {
    const query = page.safeParse(request.query);
    if (!query.success) return reply.code(400).send({ expected: 'after >= 0, limit 1 to 1000' });
    return { entries: journal.entries(query.data.after, query.data.limit) };
  });
  app.get('/_sandbox/lists', async () => ({ lists: world.lists() }));
  app.get('/_sandbox/faults', async () => ({ faults: faults.waiting() }));
  app.delete('/_sandbox/faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.post('/_sandbox/faults', async (request, reply) => {
    const fault = faultSchema.safeParse(request.body);
    if (!fault.success) {
      const fields = fault.error.issues.map((issue) => issue.path.join('.'));
      return reply.code(400).send({ fields });
    }
    faults.add(fault.data);
    return reply.code(201).send(fault.data);
  });
}
