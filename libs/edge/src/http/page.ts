import { chooseLang, type Lang, langCookie, PAGE_HEADERS, renderPage } from '@kyoka/pages';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

const OK = 200;

/** The language of a page's reader. One asked for by `?lang=` is remembered by the browser. */
export const PageLang = createParamDecorator((_: unknown, context: ExecutionContext): Lang => {
  const http = context.switchToHttp();
  const { query, headers } = http.getRequest<FastifyRequest>();
  const asked = (query as { lang?: unknown }).lang;
  const lang = chooseLang({
    query: typeof asked === 'string' ? asked : undefined,
    cookie: headers.cookie,
    accept: headers['accept-language'],
  });
  if (asked === lang) void http.getResponse<FastifyReply>().header('set-cookie', langCookie(lang));
  return lang;
});

/** Sends a page with the headers of every page. */
export function sendPage(
  reply: FastifyReply,
  page: Parameters<typeof renderPage>[0],
  status: number = OK,
): FastifyReply {
  return reply.code(status).headers(PAGE_HEADERS).send(renderPage(page));
}
