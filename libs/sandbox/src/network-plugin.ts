import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@kyoka/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fault, Faults } from './faults.js';
import type { Journal } from './journal.js';
import type { MemberDigests, Network, Operation } from './words.js';
import type { World } from './world.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    op?: Operation;
  }
}

/** An answer in a network's own format. */
export interface Answer {
  readonly status: number;
  readonly code: string;
  readonly body: unknown;
}

export interface NetworkContext {
  readonly world: World;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly digestKey: (matchKey: string) => string;
}

/** What a network says in its own words where the sandbox itself refuses. */
export interface NetworkWords {
  readonly network: Network;
  readonly serverError: Answer;
  readonly rateLimited: Answer;
  /** Why a request isn't let in, if it isn't. */
  readonly authenticate: (request: FastifyRequest) => Answer | undefined;
  readonly withinQuota: (op: Operation) => boolean;
}

const faultOf = new WeakMap<FastifyRequest, Fault>();

export function injected(request: FastifyRequest): Fault | undefined {
  return faultOf.get(request);
}

function opOf(request: FastifyRequest): Operation {
  return request.routeOptions.config.op ?? 'list';
}

/** What both networks share: faults, authentication and quota before a handler sees the request. */
export function guardNetwork(app: FastifyInstance, at: NetworkContext, words: NetworkWords): void {
  const note = (
    request: FastifyRequest,
    outcome: 'refused' | 'not_read',
    more: { code?: string } = {},
  ) => {
    const kind = injected(request)?.kind;
    at.journal.append({
      kind: 'request',
      at: at.clock(),
      network: words.network,
      op: opOf(request),
      outcome,
      ...(kind && { fault: kind }),
      ...more,
    });
  };
  const refuse = (request: FastifyRequest, reply: FastifyReply, answer: Answer) => {
    note(request, 'refused', { code: answer.code });
    return reply.code(answer.status).send(answer.body);
  };

  app.addHook('onRequest', async (request, reply) => {
    const fault = at.faults.take(words.network, opOf(request));
    if (!fault) return;
    faultOf.set(request, fault);
    if (fault.kind !== 'cut_before') return;
    note(request, 'not_read');
    reply.hijack();
    request.raw.socket.destroy();
  });

  app.addHook('preHandler', async (request, reply) => {
    const fault = injected(request);
    if (fault?.kind === '500') return refuse(request, reply, words.serverError);
    if (fault?.kind === '429') {
      reply.header('retry-after', fault.retryAfter ?? '1');
      return refuse(request, reply, words.rateLimited);
    }
    if (fault?.kind === 'redirect') {
      note(request, 'refused', { code: 'redirect' });
      return reply.redirect(request.url, 307);
    }
    const locked = words.authenticate(request);
    if (locked) return refuse(request, reply, locked);
    if (!words.withinQuota(opOf(request))) return refuse(request, reply, words.rateLimited);
    return undefined;
  });

  app.decorateReply('refuse', function refuseWith(this: FastifyReply, answer: Answer) {
    return refuse(this.request, this, answer);
  });
  app.decorateReply('answer', function answerWith(this: FastifyReply, body: object) {
    return deliver(this.request, this, body, words.serverError);
  });
}

declare module 'fastify' {
  interface FastifyReply {
    /** Refuses in the network's words, and journals it. */
    refuse(answer: Answer): FastifyReply;
    /** Replies, in the way an injected fault asks for. */
    answer(body: object): Promise<FastifyReply>;
  }
}

async function deliver(
  request: FastifyRequest,
  reply: FastifyReply,
  body: object,
  serverError: Answer,
): Promise<FastifyReply> {
  const fault = injected(request);
  switch (fault?.kind) {
    case 'cut_after':
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    case '500_after':
      return reply.code(serverError.status).send(serverError.body);
    case 'slow':
      await delay(fault.delayMs ?? 20_000, undefined, { ref: false });
      return reply.send(body);
    case 'huge_reply':
      return reply.send({ ...body, padding: 'x'.repeat(4 * 1024 * 1024) });
    case 'html':
      return reply.type('text/html').send('<!doctype html><title>Please sign in</title>');
    case 'wrong_reply':
      return reply.send({ message: 'ok', received: request.body ?? request.query });
    default:
      return reply.send(body);
  }
}

/** Match keys as the sandbox keeps them. */
export function digested(
  members: readonly { emails: readonly string[]; phones: readonly string[] }[],
  digestKey: (matchKey: string) => string,
): MemberDigests[] {
  return members.map(({ emails, phones }) => ({
    emails: emails.map(digestKey),
    phones: phones.map(digestKey),
  }));
}
