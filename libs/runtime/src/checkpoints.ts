import type { Settings } from '@kyoka/config';
import {
  type ChainSource,
  type Checkpoint,
  type CheckpointPublisher,
  keepCheckpoints,
  openCheckpoints,
  openPublishing,
} from '@kyoka/evidence';
import { formatInstant, SECOND } from '@kyoka/kernel';
import { collect, set } from '@kyoka/telemetry';
import type { OutboundRecord, Producer } from '@kyoka/transport';
import type { Vault } from '@kyoka/vault';
import type { ProcessParts } from './process-parts.js';

const EVERY_MS = 10 * SECOND;
const TOPIC = 'kyoka.checkpoints.v1';

export interface CheckpointSources {
  readonly chains: Pick<ChainSource, 'heads'>;
  readonly vault: Pick<Vault, 'checkpointSigner'>;
  /** Name of this process's files in the checkpoint folders. */
  readonly writer: string;
  /** Where there is Kafka. */
  readonly kafka: Producer | undefined;
}

/** Keeps signed checkpoints of every chain in the two places, and on the topic where there is Kafka. */
export async function startCheckpoints(
  { checkpointDirs: dirs }: Settings,
  { chains, vault, writer, kafka }: CheckpointSources,
  { clock, closing, log }: ProcessParts,
): Promise<void> {
  const signer = vault.checkpointSigner;
  const files = await openCheckpoints({ dirs, writer, signer });
  closing.add('checkpoints', () => files.close());
  let knownAt = clock();
  const keeper = keepCheckpoints({
    writer: files,
    heads: () => chains.heads(),
    everyMs: EVERY_MS,
    clock,
    onFault: (fault) => log.error('checkpoint_failed', { fault }),
    onKept: (at) => {
      knownAt = at;
    },
    onWritten: ({ number }) => log.debug('checkpoint_written', { position: number }),
    publisher: kafka && (await publisherOf(kafka, { dirs, writer, publicKey: signer.publicKey })),
  });
  const age = () => set('kyoka_checkpoint_age_seconds', {}, (clock() - knownAt) / SECOND);
  const end = collect('checkpoints', age);
  closing.add('last checkpoint', async () => {
    end();
    await keeper.stop();
  });
}

const publisherOf = (
  kafka: Producer,
  files: Omit<Parameters<typeof openPublishing>[0], 'send'>,
): Promise<CheckpointPublisher> =>
  openPublishing({
    ...files,
    send: (checkpoints) => kafka.send(TOPIC, checkpoints.map(recordOf)),
  });

const recordOf = (checkpoint: Checkpoint): OutboundRecord => ({
  key: checkpoint.writer,
  value: JSON.stringify(checkpoint),
  headers: {
    ce_specversion: '1.0',
    ce_id: `${checkpoint.writer}-${checkpoint.number}`,
    ce_source: '/kyoka/evidence',
    ce_type: 'jp.kyoka.checkpoint.written.v1',
    ce_time: formatInstant(checkpoint.at),
    'content-type': 'application/json',
  },
});
