import { type DynamicModule, Module } from '@nestjs/common';
import { PUBLISHED_POLICIES } from '../injection.js';
import type { PublishedPort } from './ports.js';
import { PublishedController } from './published.controller.js';

/** The policies in force, for everybody who asks. */
@Module({})
export class PublishedModule {
  static with({ published }: { readonly published: PublishedPort }): DynamicModule {
    return {
      module: PublishedModule,
      controllers: [PublishedController],
      providers: [{ provide: PUBLISHED_POLICIES, useValue: published }],
    };
  }
}
