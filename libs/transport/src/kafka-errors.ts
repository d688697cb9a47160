import { KyokaError, type ErrorCode } from '@kyoka/kernel';

/**
 * Answers of a broker that another try can't change. Everything else counts as passing: kafkajs'
 * own `retriable` says no for a refused connection, and yes for some that never heal.
 */
const LASTING: Readonly<Record<string, ErrorCode>> = {
  MESSAGE_TOO_LARGE: 'too_large',
  RECORD_LIST_TOO_LARGE: 'too_large',
  INVALID_RECORD: 'bad_input',
  INVALID_TOPIC_EXCEPTION: 'config_invalid',
  INVALID_CONFIG: 'config_invalid',
  INVALID_PARTITIONS: 'config_invalid',
  INVALID_REPLICATION_FACTOR: 'config_invalid',
  INVALID_REQUIRED_ACKS: 'config_invalid',
  TOPIC_AUTHORIZATION_FAILED: 'not_permitted',
  GROUP_AUTHORIZATION_FAILED: 'not_permitted',
  CLUSTER_AUTHORIZATION_FAILED: 'not_permitted',
  SASL_AUTHENTICATION_FAILED: 'not_permitted',
};

/**
 * A fault of the Kafka client as a coded error: `kafka_unavailable` (try again) unless the broker's
 * answer says that it lasts. The original is dropped; its text is not ours.
 */
export function toTransportError(fault: unknown): KyokaError {
  if (fault instanceof KyokaError) return fault;
  for (const { type } of causes(fault)) {
    const code = type === undefined ? undefined : LASTING[type];
    if (code !== undefined) return new KyokaError(code, `Kafka answered ${type}`);
  }
  return new KyokaError(
    'kafka_unavailable',
    'Kafka could not be reached or did not answer in time',
  );
}

function* causes(fault: unknown): Generator<{ type?: string }> {
  for (let at = fault, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth += 1) {
    yield at as { type?: string };
    if ('errors' in at && Array.isArray(at.errors)) {
      for (const one of at.errors) yield* causes(one);
    }
  }
}
