import type { Settings } from '@kyoka/config';
import {
  type Checkpoint,
  type CheckpointPublisher,
  joinChains,
  type Journal,
  keepCheckpoints,
  openCheckpoints,
  openJournal,
  openPublishing,
} from '@kyoka/evidence';
import { catchUpWithJournal, journalPositions } from '@kyoka/intake';
import { type Clock, formatInstant, SECOND } from '@kyoka/kernel';
import type { Log } from '@kyoka/logging';
import { chainReader } from '@kyoka/permission-store';
import { queryable } from '@kyoka/postgres';
import { releaseChainReader } from '@kyoka/release';
import type { OutboundRecord, Producer } from '@kyoka/transport';
import type { Closing } from './closing.js';
import type { Store } from './database.js';

/** Name of this process's files in the journal and checkpoint folders. */
export const WRITER = 'standalone';

const CHECKPOINT_EVERY_MS = 10 * SECOND;
const CHECKPOINT_TOPIC = 'kyoka.checkpoints.v1';

interface EvidencePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly closing: Closing;
  readonly log: Log;
}

/** Brings the database up to the stop journals, then opens this process's own. Before anything is released. */
export async function openStopJournal(
  settings: Settings,
  { store, clock, closing, log }: EvidencePorts,
): Promise<Journal> {
  const applied = await catchUpWithJournal({
    pool: store.permissions,
    dir: settings.journalDir,
    clock,
  });
  if (applied > 0) log.warn('journal_applied', { count: applied });
  const positions = await journalPositions(queryable(store.permissions));
  const from = positions.get(WRITER) ?? 0;
  const journal = await openJournal({ dir: settings.journalDir, writer: WRITER, from });
  closing.add('journal', () => journal.close());
  return journal;
}

/** Keeps signed checkpoints of every chain in the two places, and on the topic where there is Kafka. */
export async function startCheckpoints(
  settings: Settings,
  { store, clock, closing, log, kafka }: EvidencePorts & { readonly kafka: Producer | undefined },
): Promise<void> {
  const writer = await openCheckpoints({
    dirs: settings.checkpointDirs,
    writer: WRITER,
    signer: store.vault.checkpointSigner,
  });
  closing.add('checkpoints', () => writer.close());
  const chains = joinChains([
    chainReader(queryable(store.permissions)),
    releaseChainReader(queryable(store.audiences)),
  ]);
  const keeper = keepCheckpoints({
    writer,
    heads: () => chains.heads(),
    everyMs: CHECKPOINT_EVERY_MS,
    clock,
    onFault: (fault) => log.error('checkpoint_failed', { fault }),
    onWritten: ({ number }) => log.debug('checkpoint_written', { position: number }),
    publisher: kafka && (await publisherOf(kafka, settings, store)),
  });
  closing.add('last checkpoint', () => keeper.stop());
}

const publisherOf = (
  kafka: Producer,
  { checkpointDirs: dirs }: Settings,
  { vault }: Store,
): Promise<CheckpointPublisher> =>
  openPublishing({
    dirs,
    writer: WRITER,
    publicKey: vault.checkpointSigner.publicKey,
    send: (checkpoints) => kafka.send(CHECKPOINT_TOPIC, checkpoints.map(recordOf)),
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
