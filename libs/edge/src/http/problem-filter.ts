import { toKyokaError } from '@kyoka/postgres';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { throwError } from 'rxjs';
import { answerOf, sendProblem } from './problems.js';

/** Every fault of every request as problem details; for a batch of a topic, the fault itself. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #onFault: (fault: unknown) => void;

  /** @param onFault told of every fault for which the service itself is to blame */
  constructor(onFault: (fault: unknown) => void) {
    this.#onFault = onFault;
  }

  catch(thrown: unknown, host: ArgumentsHost): unknown {
    if (host.getType() !== 'http') {
      this.#onFault(thrown);
      return throwError(() => toKyokaError(thrown));
    }
    if (answerOf(thrown).status >= 500) this.#onFault(thrown);
    return sendProblem(host.switchToHttp().getResponse<FastifyReply>(), thrown);
  }
}
