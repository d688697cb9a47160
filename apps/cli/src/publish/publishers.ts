import { open, unlink } from 'node:fs/promises';
import type {
  PublisherAnswer,
  PublisherKeyAnswer,
  PublisherRequest,
  PublishersAnswer,
  RotatePublisherRequest,
} from '@kyoka/contracts';
import { KyokaError } from '@kyoka/kernel';
import type { Service } from '../control/service.js';
import { ANSWERED } from '../lines/surroundings.js';

type Write = (line: string) => void;

/** Where a new key goes. */
export interface Handing {
  /** A file that doesn't exist yet (`KYOKA_PUBLISHER_KEY_FILE` of the publisher); it gets mode 0600. */
  readonly out: string;
  /** Whether the answer shows the key as well: terminals are recorded. */
  readonly show?: boolean | undefined;
}

/** `kyoka publisher add`: registers a publisher, and writes its key to a file. */
export const addPublisher = (
  service: Service,
  request: PublisherRequest,
  handing: Handing,
  write: Write,
): Promise<number> => handOver(service, '/v1/publishers', request, handing, write);

/** `kyoka publisher rotate`: makes another key, and writes it to a file. */
export const rotatePublisher = (
  service: Service,
  id: string,
  request: RotatePublisherRequest,
  handing: Handing,
  write: Write,
): Promise<number> => handOver(service, `${pathOf(id)}/rotate`, request, handing, write);

/** `kyoka publisher revoke`: ends every key of a publisher; it holds in every process once answered. */
export async function revokePublisher(
  service: Service,
  id: string,
  reason: string,
  write: Write,
): Promise<number> {
  const body = { reason };
  write(JSON.stringify(await service.call('POST', `${pathOf(id)}/revoke`, { body })));
  return ANSWERED;
}

/** `kyoka publisher list`: a publisher a line, with its keys but for what is secret. */
export async function listPublishers(service: Service, write: Write): Promise<number> {
  const { publishers } = await service.call<PublishersAnswer>('GET', '/v1/publishers');
  for (const publisher of publishers) write(JSON.stringify(publisher));
  return ANSWERED;
}

const pathOf = (id: string): string => `/v1/publishers/${encodeURIComponent(id)}`;

/** What the file holds; a publisher reads `kid` and `key` of it. */
const fileOf = ({ publisher, kid, key }: PublisherKeyAnswer): string => {
  const { id, name, sources, types, validUntil } = publisher;
  return `${JSON.stringify({ kid, key, publisher: id, name, sources, types, validUntil })}\n`;
};

async function handOver(
  service: Service,
  path: string,
  body: PublisherRequest | RotatePublisherRequest,
  { out, show = false }: Handing,
  write: Write,
): Promise<number> {
  // Before the key exists: one that can't be handed over must not be made.
  const file = await open(out, 'wx', 0o600).catch(() => {
    throw new KyokaError('bad_input', 'the key could not be written', {
      faults: [{ field: 'out', expected: 'a file that does not exist, in a folder that does' }],
    });
  });
  try {
    const made = await service.call<PublisherKeyAnswer>('POST', path, { body });
    await file.writeFile(fileOf(made));
    await file.sync();
    const { publisher, kid, key } = made;
    write(JSON.stringify({ ...answered(publisher), kid, file: out, ...(show && { key }) }));
    return ANSWERED;
  } catch (fault) {
    await unlink(out);
    throw fault;
  } finally {
    await file.close();
  }
}

const answered = ({ id, ...publisher }: PublisherAnswer) => ({
  status: 'registered',
  id,
  ...publisher,
});
