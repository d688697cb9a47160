import { spawn } from 'node:child_process';
import { brokerAnswers } from './kafka-broker.js';
import { kafkaSettings } from './kafka-settings.js';
import { freePort, isAlive } from './processes.js';
import { endWithRun } from './run-folder.js';

const IMAGE = 'apache/kafka:4.4.0';

/** A broker in a container, with the same settings as one from jars; the client process ends it. */
export async function startContainer(): Promise<{ address: string }> {
  const port = await freePort();
  const settings = kafkaSettings({
    bind: '0.0.0.0',
    port,
    controllerPort: 9093,
    logDir: '/tmp/kafka-logs',
  });
  const environment = Object.entries(settings).flatMap(([key, value]) => [
    '-e',
    `KAFKA_${key.toUpperCase().replaceAll('.', '_')}=${value}`,
  ]);
  const publish = ['-p', `127.0.0.1:${port}:${port}`];
  const child = spawn('docker', ['run', '--rm', ...publish, ...environment, IMAGE], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  const pid = child.pid as number;
  await endWithRun(pid, 'SIGTERM');
  const address = `127.0.0.1:${port}`;
  await brokerAnswers(address, () => isAlive(pid));
  return { address };
}
