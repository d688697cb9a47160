import type { FastifyInstance } from 'fastify';

/**
 * Ends a connection with its answer once the server closes. Idle connections are closed then, but one
 * whose request was under way would be kept for the next, and with it the server open, for as long as
 * its client (a proxy above all) keeps it.
 */
export function endWithLastAnswers(server: FastifyInstance): void {
  let closing = false;
  server.addHook('preClose', async () => {
    closing = true;
  });
  server.addHook('onSend', async (_request, reply) => {
    if (closing) void reply.header('connection', 'close');
  });
}
