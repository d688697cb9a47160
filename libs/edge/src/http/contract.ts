import { parseBody } from '@kyoka/contracts';
import { KyokaError } from '@kyoka/kernel';
import { Body, type PipeTransform, Query } from '@nestjs/common';
import type * as z from 'zod';

/** What was sent, by its contract: declared fields only. @throws KyokaError `bad_input` */
export function requireContract<S extends z.ZodType>(schema: S, sent: unknown): z.infer<S> {
  const parsed = parseBody(schema, sent);
  if (parsed.ok) return parsed.value;
  throw new KyokaError('bad_input', 'The request does not fit', { faults: parsed.faults });
}

/** Checks a body against its contract; the handler gets declared fields only. */
class ContractPipe<S extends z.ZodType> implements PipeTransform<unknown, z.infer<S>> {
  readonly #schema: S;

  constructor(schema: S) {
    this.#schema = schema;
  }

  transform(body: unknown): z.infer<S> {
    return requireContract(this.#schema, body ?? {});
  }
}

/** The body of a request, by its contract. */
export const Contract = (schema: z.ZodType): ParameterDecorator => Body(new ContractPipe(schema));

/** What follows the path, by its contract. */
export const QueryContract = (schema: z.ZodType): ParameterDecorator =>
  Query(new ContractPipe(schema));
