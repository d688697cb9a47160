import { DAY } from '@kyoka/kernel';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { NetworkContext } from '../network-plugin.js';
import type { ListInfo } from '../world.js';
import { invalidArgument } from './errors.js';

const userList = z.strictObject({
  displayName: z.string().min(1).max(255),
  description: z.string().optional(),
  membershipStatus: z.enum(['OPEN', 'CLOSED']),
  membershipDuration: z.string().regex(/^\d{1,12}s$/),
  ingestedUserListInfo: z.strictObject({
    uploadKeyTypes: z.tuple([z.literal('CONTACT_ID')]),
    contactIdInfo: z.strictObject({ dataSourceType: z.literal('DATA_SOURCE_TYPE_FIRST_PARTY') }),
  }),
});

const PATH = '/v1/accountTypes/GOOGLE_ADS/accounts/:account/userLists';
const MAX_DURATION_DAYS = 540;

export function userListRoutes(app: FastifyInstance, { world }: NetworkContext): void {
  const resource = (list: ListInfo) => ({
    name: `accountTypes/GOOGLE_ADS/accounts/${list.account}/userLists/${list.id}`,
    id: list.id,
    displayName: list.name,
    membershipStatus: 'OPEN',
    membershipDuration: `${(list.lifetimeDays ?? 0) * (DAY / 1000)}s`,
  });

  app.get<{ Params: { account: string }; Querystring: { filter?: string } }>(
    PATH,
    { config: { op: 'list' } },
    async (request, reply) => {
      const wanted = /^display_name = "((?:[^"\\]|\\.)*)"$/.exec(request.query.filter ?? '');
      if (request.query.filter !== undefined && !wanted) {
        return reply.refuse(invalidArgument('INVALID_FILTER'));
      }
      const name = wanted?.[1]?.replaceAll(/\\(.)/g, '$1');
      const userLists = world
        .catalogue('google', request.params.account)
        .filter((list) => name === undefined || list.name === name)
        .map(resource);
      return reply.answer({ userLists });
    },
  );

  app.post<{ Params: { account: string } }>(
    PATH,
    { config: { op: 'list' } },
    async (request, reply) => {
      const { account } = request.params;
      const body = userList.safeParse(request.body);
      if (!body.success) return reply.refuse(invalidArgument('INVALID_FORMAT'));
      const days = Number(body.data.membershipDuration.slice(0, -1)) / (DAY / 1000);
      if (!Number.isInteger(days) || days < 1) {
        return reply.refuse(invalidArgument('INVALID_MEMBERSHIP_DURATION'));
      }
      if (days > MAX_DURATION_DAYS) {
        return reply.refuse(invalidArgument('MEMBERSHIP_DURATION_TOO_LONG'));
      }
      const name = body.data.displayName;
      if (world.catalogue('google', account).some((list) => list.name === name)) {
        return reply.refuse(invalidArgument('DISPLAY_NAME_ALREADY_USED'));
      }
      const made = world.createList({ network: 'google', account, name, lifetimeDays: days });
      return reply.answer(resource(made));
    },
  );
}
