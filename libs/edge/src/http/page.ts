import {
  chooseLang,
  type Lang,
  langCookie,
  PAGE_HEADERS,
  PUBLIC_PAGE_CACHE,
  renderPage,
} from '@kyoka/pages';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

const OK = 200;

/** The language of a page's reader. One asked for by `?lang=` is remembered by the browser. */
export const PageLang = createParamDecorator((_: unknown, context: ExecutionContext): Lang => {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest>();
  const lang = langOf(request);
  if (askedLang(request) === lang)
    void http.getResponse<FastifyReply>().header('set-cookie', langCookie(lang));
  return lang;
});

/** The language of whoever sent a request. */
export const langOf = (request: FastifyRequest): Lang =>
  chooseLang({
    query: askedLang(request),
    cookie: request.headers.cookie,
    accept: request.headers['accept-language'],
  });

function askedLang({ query }: FastifyRequest): string | undefined {
  const asked = (query as { lang?: unknown } | undefined)?.lang;
  return typeof asked === 'string' ? asked : undefined;
}

/** Whether somebody reads the answer, rather than a program: only browsers ask for pages. */
export const isForReader = ({ headers }: FastifyRequest): boolean =>
  headers.authorization === undefined && /\btext\/html\b/.test(headers.accept ?? '');

/** Sends a page with the headers of every page. */
export function sendPage(
  reply: FastifyReply,
  page: Parameters<typeof renderPage>[0],
  status: number = OK,
): FastifyReply {
  return reply.code(status).headers(PAGE_HEADERS).send(renderPage(page));
}

/** Sends a page that is the same for everybody. One that also remembers a choice of language is kept by nobody. */
export function sendPublicPage(
  reply: FastifyReply,
  page: Parameters<typeof renderPage>[0],
): FastifyReply {
  const cache = reply.hasHeader('set-cookie') ? {} : { 'cache-control': PUBLIC_PAGE_CACHE };
  return reply
    .code(OK)
    .headers({ ...PAGE_HEADERS, ...cache })
    .send(renderPage(page));
}
