import type { Answer } from '../network-plugin.js';

export interface FieldViolation {
  readonly field: string;
  readonly reason: string;
  readonly description: string;
}

const TYPE = 'type.googleapis.com/google.rpc';

/** The error body of the Data Manager API (facts: google.rpc.Status with ErrorInfo and BadRequest). */
export function googleError(
  status: number,
  name: string,
  reason: string,
  fieldViolations: readonly FieldViolation[] = [],
): Answer {
  return {
    status,
    code: reason,
    body: {
      error: {
        code: status,
        status: name,
        message: `There was a problem with the request: ${reason}`,
        details: [
          {
            '@type': `${TYPE}.ErrorInfo`,
            reason,
            domain: 'datamanager.googleapis.com',
            metadata: {},
          },
          ...(fieldViolations.length > 0
            ? [{ '@type': `${TYPE}.BadRequest`, fieldViolations }]
            : []),
        ],
      },
    },
  };
}

export function invalidArgument(
  reason: string,
  violations: readonly FieldViolation[] = [],
): Answer {
  return googleError(400, 'INVALID_ARGUMENT', reason, violations);
}
