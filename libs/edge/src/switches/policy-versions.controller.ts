import type { PoliciesAnswer } from '@kyoka/contracts';
import { Controller, Get, Inject } from '@nestjs/common';
import { Needs } from '../http/needs.js';
import { POLICY_VERSIONS } from '../injection.js';
import type { PolicyVersionsPort } from '../ports.js';

/** The versions of every policy and what became of them. */
@Controller('v1/policies')
export class PolicyVersionsController {
  readonly #versions: PolicyVersionsPort;

  constructor(@Inject(POLICY_VERSIONS) versions: PolicyVersionsPort) {
    this.#versions = versions;
  }

  @Get()
  @Needs('operations:read')
  list(): Promise<PoliciesAnswer> {
    return this.#versions.list();
  }
}
