import 'reflect-metadata';
import { type DynamicModule, type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DocumentsModule } from './documents/documents.module.js';
import { readBodies } from './http/bodies.js';
import { closeDoor, type DoorAccess } from './http/door.js';
import { requireDeclaredAccess } from './http/needs.js';
import { AssetsModule } from './pages/assets.module.js';
import { ProblemFilter } from './http/problem-filter.js';
import { sendProblem } from './http/problems.js';
import { watchRequests } from './http/watched.js';

export interface EdgeOptions {
  /** The modules of the roles that this process plays. */
  readonly roles: readonly DynamicModule[];
  readonly access: DoorAccess;
  readonly logger: LoggerService;
  readonly maxBodyBytes: number;
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
  requireDeclaredAccess(server);
  closeDoor(server, options.access);
  readBodies(server, options.maxBodyBytes);
  app.useGlobalFilters(new ProblemFilter(options.onFault));
  return app;
}
