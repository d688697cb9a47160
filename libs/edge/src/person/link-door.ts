import type { Lang } from '@kyoka/pages';
import { InvalidLinkPage } from './views/one-click-pages.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendPage } from '../http/page.js';
import type { WrongLinks } from './wrong-links.js';

const NOT_FOUND = 404;
const TOO_MANY = 429;

/**
 * The one answer to a link that opens nothing. It is the same for one that never was, one that has
 * ended and one that is used up, so it tells nobody whether there is such a person.
 */
export function refuseLink(
  { ip }: FastifyRequest,
  reply: FastifyReply,
  { lang, wrong }: { readonly lang: Lang; readonly wrong: WrongLinks },
): FastifyReply {
  const waitSeconds = wrong.count(ip);
  if (waitSeconds > 0) void reply.header('retry-after', String(waitSeconds));
  return sendPage(reply, InvalidLinkPage({ lang }), waitSeconds > 0 ? TOO_MANY : NOT_FOUND);
}
