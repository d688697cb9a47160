import { readFile } from 'node:fs/promises';
import type { Settings } from '@kyoka/config';
import { createEdge, type EdgeOptions } from '@kyoka/edge';
import { KyokaError } from '@kyoka/kernel';
import { nestLogger } from '@kyoka/logging';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { ProcessParts } from './process-parts.js';

type EdgeParts = Pick<EdgeOptions, 'roles' | 'access'> & {
  /** What brings batches from the input topics, in a process that has handlers for them. */
  readonly strategy?: CustomTransportStrategy;
};

/**
 * Opens the HTTP interface of a process and, with a strategy, its topics.
 *
 * @returns its address
 * @throws KyokaError `config_invalid` when another program has the port, or a file of TLS can't be read
 */
export async function openEdge(
  settings: Settings,
  { strategy, ...edge }: EdgeParts,
  { closing, log }: ProcessParts,
): Promise<string> {
  const app = await createEdge({
    ...edge,
    logger: nestLogger(log),
    maxBodyBytes: settings.maxBodyBytes,
    tls: await tlsOf(settings),
    proxies: settings.trustedProxies,
    onFault: (fault) => log.error('http_failed', { fault }),
  });
  if (strategy !== undefined) app.connectMicroservice({ strategy });
  // Nest closes its servers one after another, and a slow answer would take the consumer's time.
  closing.add('edge', () => Promise.all([app.close(), strategy?.close()]));
  await app.startAllMicroservices();
  await app.listen(settings.port, settings.host).catch((fault: unknown) => {
    throw portFault(fault);
  });
  const url = await app.getUrl();
  log.info('listening', { port: Number(new URL(url).port) });
  return url;
}

async function tlsOf({ tlsCertFile, tlsKeyFile }: Settings): Promise<EdgeOptions['tls']> {
  if (tlsCertFile === undefined || tlsKeyFile === undefined) return undefined;
  const [cert, key] = [
    await readOrWhy('KYOKA_TLS_CERT_FILE', tlsCertFile),
    await readOrWhy('KYOKA_TLS_KEY_FILE', tlsKeyFile),
  ];
  return { cert, key };
}

function readOrWhy(field: string, path: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    throw new KyokaError('config_invalid', `wrong settings: ${field}: it cannot be read`, {
      faults: [{ field, expected: 'a file that can be read' }],
      cause,
    });
  });
}

function portFault(fault: unknown): KyokaError {
  return (fault as { code?: unknown }).code === 'EADDRINUSE'
    ? new KyokaError(
        'config_invalid',
        'wrong settings: KYOKA_PORT: another program uses this port',
        {
          faults: [{ field: 'KYOKA_PORT', expected: 'a port that no other program uses' }],
          cause: fault,
        },
      )
    : new KyokaError('internal', 'the HTTP interface could not be opened', { cause: fault });
}
