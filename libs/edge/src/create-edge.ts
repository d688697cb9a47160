import 'reflect-metadata';
import { type DynamicModule, type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DocumentsModule } from './documents/documents.module.js';
import { readBodies } from './http/bodies.js';
import { closeDoor, type DoorAccess } from './http/door.js';
import { endWithLastAnswers } from './http/last-answers.js';
import { requireDeclaredAccess } from './http/needs.js';
import { AssetsModule } from './pages/assets.module.js';
import { ProblemFilter } from './http/problem-filter.js';
import { sendProblem } from './http/problems.js';
import { requireDeclaredProxy } from './http/transport-security.js';
import { watchRequests } from './http/watched.js';

export interface EdgeOptions {
  /** The modules of the roles that this process plays. */
  readonly roles: readonly DynamicModule[];
  readonly access: DoorAccess;
  readonly logger: LoggerService;
  readonly maxBodyBytes: number;
  /** Certificate chain and private key, PEM: the interface speaks https only. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  /** Addresses or networks of the proxies that speak TLS for this process; nobody else is answered. */
  readonly proxies?: readonly string[] | undefined;
  /** Told of every fault for which the service itself is to blame. */
  readonly onFault: (fault: unknown) => void;
}

@Module({})
class RootModule {}

const REQUEST_TIMEOUT_MS = 60_000;

/**
 * The HTTP and topic edge of a process: the roles' handlers behind one closed door. The caller
 * connects a transport, initialises, listens and closes.
 */
export async function createEdge(options: EdgeOptions): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    ...(options.tls && { https: options.tls }),
    bodyLimit: options.maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 128 },
    forceCloseConnections: 'idle',
    frameworkErrors: (fault: unknown, _request: FastifyRequest, reply: FastifyReply) => {
      void sendProblem(reply, fault);
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: RootModule, imports: [AssetsModule, DocumentsModule, ...options.roles] },
    adapter,
    { bodyParser: false, logger: options.logger, abortOnError: false },
  );
  const server = adapter.getInstance<FastifyInstance>();
  watchRequests(server);
  endWithLastAnswers(server);
  if (options.proxies !== undefined) requireDeclaredProxy(server, options.proxies);
  requireDeclaredAccess(server);
  closeDoor(server, options.access);
  readBodies(server, options.maxBodyBytes);
  app.useGlobalFilters(new ProblemFilter(options.onFault));
  return app;
}
