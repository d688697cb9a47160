import type { LoggerService } from '@nestjs/common';
import type { LogLevel } from './codes.js';
import type { Log } from './log.js';

/** What NestJS tells of its own start and wiring is of use only when something there is looked for. */
const LEVEL_OF: Readonly<
  Record<keyof LoggerService & ('log' | 'error' | 'warn' | 'debug' | 'verbose' | 'fatal'), LogLevel>
> = {
  verbose: 'debug',
  debug: 'debug',
  log: 'debug',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
};

/**
 * The log for NestJS and its libraries. Their free text is dropped, since it may quote a request;
 * level, context and the class of an error stay.
 */
export function nestLogger(log: Log): LoggerService {
  const write =
    (level: LogLevel) =>
    (message: unknown, ...parameters: unknown[]): void => {
      const context = parameters.at(-1);
      const fault = [message, ...parameters].find((value) => value instanceof Error);
      log[level]('framework', {
        ...(typeof context === 'string' && { context }),
        ...(fault !== undefined && { fault }),
      });
    };
  return {
    verbose: write(LEVEL_OF.verbose),
    debug: write(LEVEL_OF.debug),
    log: write(LEVEL_OF.log),
    warn: write(LEVEL_OF.warn),
    error: write(LEVEL_OF.error),
    fatal: write(LEVEL_OF.fatal),
  };
}
