import { type DynamicModule, Module } from '@nestjs/common';
import { SIGN_IN, TOKENS } from '../injection.js';
import type { TokensPort } from '../ports.js';
import { SignInController } from '../sign-in/sign-in.controller.js';
import type { SignInPort } from '../sign-in/sign-in-port.js';
import { TokensController } from './tokens.controller.js';

export interface AccessModuleOptions {
  readonly tokens: TokensPort;
  readonly signIn: SignInPort;
}

/** Tokens, and how people sign in and out. */
@Module({})
export class AccessModule {
  static with({ tokens, signIn }: AccessModuleOptions): DynamicModule {
    return {
      module: AccessModule,
      controllers: [TokensController, SignInController],
      providers: [
        { provide: TOKENS, useValue: tokens },
        { provide: SIGN_IN, useValue: signIn },
      ],
    };
  }
}
