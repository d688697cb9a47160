import type { FastifyInstance } from 'fastify';
import type { NetworkContext } from './network-plugin.js';

/** What every service of Kyoka answers about itself; the sandbox is ready while its journal can be read. */
export function healthRoutes(
  app: FastifyInstance,
  { journal }: Pick<NetworkContext, 'journal'>,
): void {
  app.get('/health/live', async () => ({ status: 'ok', checks: {} }));
  app.get('/health/ready', async (_request, reply) => {
    const status = isReadable(journal) ? 'ok' : 'unavailable';
    return reply.code(status === 'ok' ? 200 : 503).send({ status, checks: { journal: status } });
  });
}

function isReadable(journal: NetworkContext['journal']): boolean {
  try {
    journal.entries(0, 1);
    return true;
  } catch {
    return false;
  }
}
