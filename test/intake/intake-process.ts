// The intake role as a process of its own, fed by Kafka, so that a test can kill it.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IntakeModule } from '@kyoka/edge';
import { openJournal } from '@kyoka/evidence';
import { catchUpWithJournal, createIntake, vocabularyOf } from '@kyoka/intake';
import { readPolicySet } from '@kyoka/permission-store';
import { openPool } from '@kyoka/postgres';
import { createKafka, KafkaBatchStrategy } from '@kyoka/transport';
import { openVault } from '@kyoka/vault';
import { NOT_ASKED } from './not-asked.js';

export interface IntakeProcessSettings {
  readonly broker: string;
  readonly groupId: string;
  readonly databaseUrl: string;
  readonly keyDir: string;
  readonly journalDir: string;
  /** Name of this process's journal. */
  readonly writer: string;
  /** What the process takes for now. */
  readonly now: number;
  readonly chunk: number;
  /** How often a handler that throws gets its batch. */
  readonly tries: number;
}

const settings = JSON.parse(process.argv[2] as string) as IntakeProcessSettings;
const clock = () => settings.now;

const vault = await openVault({ keyDir: settings.keyDir, create: false });
const pool = await openPool(settings.databaseUrl, {
  role: 'kyoka_permissions',
  max: 4,
  applicationName: settings.writer,
});
await catchUpWithJournal({ pool, dir: settings.journalDir, clock });
const journal = await openJournal({ dir: settings.journalDir, writer: settings.writer });
const vocabulary = vocabularyOf(await readPolicySet('deploy'));
const intake = createIntake({
  pool,
  vault,
  journal,
  journalWriter: settings.writer,
  clock,
  vocabulary: () => vocabulary,
});

@Module({})
class App {}

const strategy = new KafkaBatchStrategy({
  kafka: createKafka({ brokers: [settings.broker], clientId: settings.writer }),
  groupId: settings.groupId,
  chunk: settings.chunk,
  sessionTimeoutMs: 2_000,
  maxWaitMs: 50,
  patience: { tries: settings.tries, firstWaitMs: 50, longestWaitMs: 200 },
  onFatal: () => process.exit(70),
});
const role = IntakeModule.with({
  intake,
  ...NOT_ASKED,
  rights: { unsigned: new Set(), plaintext: new Set() },
  counted: () => undefined,
});
const app = await NestFactory.createMicroservice(
  { module: App, imports: [role] },
  { strategy, logger: false },
);
process.on('SIGTERM', () => {
  void app
    .close()
    .then(() => journal.close())
    .then(() => pool.destroy())
    .then(() => process.exit(0));
});
await app.listen();
process.send?.('listening');
