import { type SwitchAnswer, type SwitchRequest, switchRequest } from '@kyoka/contracts';
import { Controller, HttpStatus, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Contract } from '../http/contract.js';
import type { Identity } from '@kyoka/access';
import { Caller } from '../http/identity.js';
import { SWITCHES } from '../injection.js';
import type { SwitchesPort, SwitchTarget } from '../ports.js';
import { Needs } from '../http/needs.js';

/** What a policy or a recipient is switched on and off by: two owners on, one off. */
abstract class SwitchController {
  protected abstract readonly target: SwitchTarget;
  readonly #switches: SwitchesPort;

  constructor(switches: SwitchesPort) {
    this.#switches = switches;
  }

  /** 202 while it waits for the other owner. */
  protected async change(
    id: string,
    request: SwitchRequest,
    caller: Identity,
    reply: FastifyReply,
  ): Promise<SwitchAnswer> {
    const answer = await this.#switches.change(this.target, id, request, caller);
    void reply.code(answer.pending === undefined ? HttpStatus.OK : HttpStatus.ACCEPTED);
    return answer;
  }
}

@Controller('v1/recipients')
export class RecipientSwitchController extends SwitchController {
  protected readonly target = 'recipient';

  constructor(@Inject(SWITCHES) switches: SwitchesPort) {
    super(switches);
  }

  @Post(':id/switch')
  @Needs('recipients:write')
  switch(
    @Param('id') id: string,
    @Contract(switchRequest) request: SwitchRequest,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SwitchAnswer> {
    return this.change(id, request, caller, reply);
  }
}

@Controller('v1/policies')
export class PolicySwitchController extends SwitchController {
  protected readonly target = 'policy';

  constructor(@Inject(SWITCHES) switches: SwitchesPort) {
    super(switches);
  }

  @Post(':id/switch')
  @Needs('policies:write')
  switch(
    @Param('id') id: string,
    @Contract(switchRequest) request: SwitchRequest,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SwitchAnswer> {
    return this.change(id, request, caller, reply);
  }
}
