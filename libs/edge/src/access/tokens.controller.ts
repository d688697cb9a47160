import type { Identity } from '@kyoka/access';
import {
  type RevokedTokensAnswer,
  revokeTokenRequest,
  type TokenAnswer,
  type TokenRequest,
  tokenRequest,
  type TokensAnswer,
} from '@kyoka/contracts';
import { KyokaError } from '@kyoka/kernel';
import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { RecordId } from '../http/record-id.js';
import { TOKENS } from '../injection.js';
import type { TokensPort } from '../ports.js';

const OWNER = /^(user|service|sample):[A-Za-z0-9._|-]{1,128}$/;

/** Tokens. Everybody may hand on what they have; what goes further needs `tokens:write`. */
@Controller('v1')
export class TokensController {
  readonly #tokens: TokensPort;

  constructor(@Inject(TOKENS) tokens: TokensPort) {
    this.#tokens = tokens;
  }

  @Post('tokens')
  @Needs()
  make(
    @Contract(tokenRequest) request: TokenRequest,
    @Caller() caller: Identity,
  ): Promise<TokenAnswer> {
    return this.#tokens.make(request, caller);
  }

  @Get('tokens')
  @Needs()
  list(@Caller() caller: Identity): Promise<TokensAnswer> {
    return this.#tokens.list(caller);
  }

  @Post('tokens/:id/revoke')
  @Needs()
  @HttpCode(200)
  revoke(
    @RecordId('id') id: string,
    @Contract(revokeTokenRequest) _nothing: object,
    @Caller() caller: Identity,
  ): Promise<RevokedTokensAnswer> {
    return this.#tokens.revoke(id, caller);
  }

  @Post('owners/:owner/end')
  @Needs('tokens:write')
  @HttpCode(200)
  end(
    @Param('owner') owner: string,
    @Contract(revokeTokenRequest) _nothing: object,
    @Caller() caller: Identity,
  ): Promise<RevokedTokensAnswer> {
    if (!OWNER.test(owner)) throw new KyokaError('not_found', 'There is no such owner');
    return this.#tokens.endOwner(owner, caller);
  }
}
