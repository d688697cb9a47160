import { pino, type DestinationStream } from 'pino';
import type { LogCode, LogLevel } from './codes.js';
import { allowedFields, type LogFields } from './fields.js';

/** A structured log. A line is a code of the closed list and fields of the allow-list, nothing else. */
export interface Log {
  debug(code: LogCode, fields?: LogFields): void;
  info(code: LogCode, fields?: LogFields): void;
  warn(code: LogCode, fields?: LogFields): void;
  error(code: LogCode, fields?: LogFields): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** What the process is; in every line. */
  readonly role: string;
  /** A file (made with mode 0600, its folder too) or a stream; standard output by default. */
  readonly destination?: string | DestinationStream;
}

/**
 * Opens the log of a process: one JSON object a line, written at once, so that the last lines before a
 * crash are there.
 */
export function createLog({ level, role, destination }: LogOptions): Log {
  const target =
    typeof destination === 'object'
      ? destination
      : pino.destination({ dest: destination ?? 1, sync: true, mkdir: true, mode: 0o600 });
  const logger = pino(
    {
      level,
      base: allowedFields({ role }),
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (line) => allowedFields(line) },
      // pino would otherwise write an error's message beside the line.
      serializers: {},
    },
    target,
  );
  const write =
    (at: LogLevel) =>
    (code: LogCode, fields: LogFields = {}) =>
      logger[at]({ ...fields, code });
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
