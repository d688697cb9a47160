import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { NetworkContext } from '../network-plugin.js';
import { invalidParameter } from './errors.js';

const create = z.object({
  name: z.string().min(1).max(255),
  subtype: z.literal('CUSTOM'),
  description: z.string().optional(),
  customer_file_source: z.enum([
    'USER_PROVIDED_ONLY',
    'PARTNER_PROVIDED_ONLY',
    'BOTH_USER_AND_PARTNER_PROVIDED',
  ]),
});

const MAX_AUDIENCES = 500;

/** Names that hint at health or money get their audience blocked (since 2 September 2025). */
const FLAGGED_NAME = /arthritis|diabetes|credit score|high income/i;

export function isFlagged(name: string): boolean {
  return FLAGGED_NAME.test(name);
}

export function audienceRoutes(app: FastifyInstance, { world }: NetworkContext): void {
  const path = '/v25.0/act_:account/customaudiences';

  app.post<{ Params: { account: string } }>(
    path,
    { config: { op: 'list' } },
    async (request, reply) => {
      const body = create.safeParse(request.body);
      const { account } = request.params;
      if (!body.success || world.catalogue('meta', account).length >= MAX_AUDIENCES) {
        return reply.refuse(invalidParameter);
      }
      const { name } = body.data;
      const { id } = world.createList({ network: 'meta', account, name, lifetimeDays: null });
      return reply.answer({ id });
    },
  );

  app.get<{ Params: { account: string }; Querystring: { limit?: string; after?: string } }>(
    path,
    { config: { op: 'list' } },
    async (request, reply) => {
      const { limit = '25', after = '0' } = request.query;
      const all = world.catalogue('meta', request.params.account);
      const from = Number(after);
      const page = all.slice(from, from + Number(limit));
      const next = from + page.length;
      return reply.answer({
        data: page.map(({ id, name }) => ({ id, name })),
        ...(next < all.length ? { paging: { cursors: { after: String(next) } } } : {}),
      });
    },
  );
}
