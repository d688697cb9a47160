import { asyncApiDocument, openApiDocument } from '@kyoka/contracts';
import { Controller, Get, Module } from '@nestjs/common';
import { Needs } from '../http/needs.js';

@Controller()
class DocumentsController {
  readonly #openApi = openApiDocument();
  readonly #asyncApi = asyncApiDocument();

  @Get('openapi.json')
  @Needs()
  openApi(): object {
    return this.#openApi;
  }

  @Get('asyncapi.json')
  @Needs()
  asyncApi(): object {
    return this.#asyncApi;
  }
}

/** The documents of the edges, generated from the contracts. */
@Module({ controllers: [DocumentsController] })
export class DocumentsModule {}
