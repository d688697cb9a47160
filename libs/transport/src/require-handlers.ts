import { KyokaError } from '@kyoka/kernel';
import type { MessageHandler } from '@nestjs/microservices';

/**
 * Two handlers of one topic would be two transactions for one offset, of which one may fail alone.
 *
 * @throws KyokaError `config_invalid` when a topic has more than one handler, or there is none at all
 */
export function requireOneHandlerEach(handlers: ReadonlyMap<string, MessageHandler>): void {
  if (handlers.size === 0) throw new KyokaError('config_invalid', 'no topic has a handler');
  for (const [topic, handler] of handlers) {
    if (handler.next !== undefined) {
      throw new KyokaError('config_invalid', `the topic ${topic} has two handlers`);
    }
  }
}
