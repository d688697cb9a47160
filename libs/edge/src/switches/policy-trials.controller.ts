import {
  type PolicyTrialAnswer,
  type PolicyTrialRequest,
  policyTrialRequest,
} from '@kyoka/contracts';
import { Controller, HttpCode, HttpStatus, Inject, Param, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import { Needs } from '../http/needs.js';
import { POLICY_TRIALS } from '../injection.js';
import type { PolicyTrialsPort } from '../ports.js';

/** What a policy version would change, asked before two people switch it on. Nothing is stored. */
@Controller('v1/policies')
export class PolicyTrialsController {
  readonly #trials: PolicyTrialsPort;

  constructor(@Inject(POLICY_TRIALS) trials: PolicyTrialsPort) {
    this.#trials = trials;
  }

  @Post(':id/trials')
  @HttpCode(HttpStatus.OK)
  @Needs('policies:write', 'subjects:read')
  try(
    @Param('id') id: string,
    @Contract(policyTrialRequest) request: PolicyTrialRequest,
  ): Promise<PolicyTrialAnswer> {
    return this.#trials.try(id, request);
  }
}
