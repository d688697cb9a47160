import { problemOf } from '@kyoka/contracts';
import { KyokaError } from '@kyoka/kernel';
import { toKyokaError } from '@kyoka/postgres';
import type { FastifyReply } from 'fastify';
import { isForReader, langOf, sendPage } from './page.js';
import { isAnswered, STATUS } from './fault-status.js';
import { nextFor, ProblemPage } from './problem-page.js';
import { isSecretPath } from './secret-path.js';

const INTERNAL = STATUS.internal;
const UNAVAILABLE = 503;
const RETRY_AFTER_SECONDS = 5;

const MEDIA_TYPE = {
  field: 'content-type',
  expected: 'a media type of this path, such as application/json',
};

/** What the framework refuses by itself, before a handler runs; any other of its refusals is a 400. */
const FRAMEWORK: Readonly<Record<number, KyokaError>> = {
  404: new KyokaError('not_found', 'There is no such path'),
  413: new KyokaError('too_large', 'The body is too large'),
  415: new KyokaError('bad_input', 'The body is of a media type that this path does not take', {
    faults: [MEDIA_TYPE],
  }),
};
const UNREADABLE = new KyokaError('bad_input', 'The request could not be read');

/** A fault as it is answered; `internal` where the service is to blame and the text says nothing. */
export interface Answered {
  readonly status: number;
  readonly fault: KyokaError;
}

/**
 * What anything thrown on the way of a request is answered with. Nothing of a foreign error's text
 * gets out: it may quote what was sent.
 */
export function answerOf(thrown: unknown): Answered {
  const refused = thrown instanceof KyokaError ? undefined : statusOf(thrown);
  if (refused !== undefined && refused < INTERNAL) {
    const fault = FRAMEWORK[refused];
    return fault === undefined ? { status: 400, fault: UNREADABLE } : { status: refused, fault };
  }
  const fault = toKyokaError(thrown);
  return isAnswered(fault.code) && fault.code !== 'internal'
    ? { status: STATUS[fault.code], fault }
    : {
        status: INTERNAL,
        fault: new KyokaError('internal', 'An unexpected fault of the service', { cause: fault }),
      };
}

/** Sends a fault as problem details (RFC 9457); to a browser, as a page. */
export function sendProblem(reply: FastifyReply, thrown: unknown): FastifyReply {
  const { status, fault } = answerOf(thrown);
  if (status === UNAVAILABLE) void reply.header('retry-after', String(RETRY_AFTER_SECONDS));
  const { request } = reply;
  if (isForReader(request)) {
    const wait = Number(reply.getHeader('retry-after')) || undefined;
    const next = isSecretPath(request.url) ? undefined : nextFor(fault.code);
    return sendPage(reply, ProblemPage({ lang: langOf(request), fault, wait, next }), status);
  }
  return reply.code(status).type('application/problem+json').send(problemOf(status, fault));
}

/** Status of a framework's error (`statusCode` of Fastify, `getStatus()` of Nest). */
function statusOf(thrown: unknown): number | undefined {
  const { statusCode, getStatus } = (thrown ?? {}) as {
    statusCode?: unknown;
    getStatus?: () => unknown;
  };
  const status = typeof getStatus === 'function' ? getStatus.call(thrown) : statusCode;
  return typeof status === 'number' ? status : undefined;
}
