import type { Identity } from '@kyoka/access';
import {
  type ReaderAnswer,
  type ReaderRequest,
  readerRequest,
  type ReadersAnswer,
} from '@kyoka/contracts';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { RecordId } from '../http/record-id.js';
import { READERS } from '../injection.js';
import type { ReadersPort } from '../ports.js';

@Controller('v1/readers')
export class ReadersController {
  readonly #readers: ReadersPort;

  constructor(@Inject(READERS) readers: ReadersPort) {
    this.#readers = readers;
  }

  @Get()
  @Needs('publishers:write')
  list(): Promise<ReadersAnswer> {
    return this.#readers.list();
  }

  @Post()
  @Needs('publishers:write')
  register(
    @Contract(readerRequest) request: ReaderRequest,
    @Caller() caller: Identity,
  ): Promise<ReaderAnswer> {
    return this.#readers.register(request, caller);
  }

  @Post(':id/end')
  @Needs('publishers:write')
  @HttpCode(200)
  end(@RecordId('id') id: string, @Caller() caller: Identity): Promise<ReaderAnswer> {
    return this.#readers.end(id, caller);
  }
}
