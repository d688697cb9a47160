import type { HealthAnswer } from '@kyoka/contracts';
import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CHECKS } from '../injection.js';
import { type ReadinessChecks, runChecks } from './checks.js';
import { Open } from '../http/needs.js';

@Controller('health')
export class HealthController {
  readonly #checks: ReadinessChecks;

  constructor(@Inject(CHECKS) checks: ReadinessChecks) {
    this.#checks = checks;
  }

  /** The process runs and its event loop turns; it says nothing about what it depends on. */
  @Get('live')
  @Open()
  live(): HealthAnswer {
    return { status: 'ok', checks: {} };
  }

  @Get('ready')
  @Open()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthAnswer> {
    const answer = await runChecks(this.#checks);
    if (answer.status !== 'ok') void reply.code(HttpStatus.SERVICE_UNAVAILABLE);
    return answer;
  }
}
