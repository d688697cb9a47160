import { createHmac, createSecretKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connector } from '@kyoka/connector-kit';
import type { ConformanceHarness } from '@kyoka/connector-kit/testing';
import { MINUTE, SECOND, type Clock } from '@kyoka/kernel';
import { startSandbox, type Network } from '@kyoka/sandbox';

const PROCESSING_MS = 20 * SECOND;

/** Waiting times of a network that is played on this machine. */
export const TIMING = {
  processingTimeMs: PROCESSING_MS,
  firstPollAfterMs: SECOND,
  pollBackoff: { factor: 2, maxMs: 8 * SECOND },
  giveUpAfterMs: MINUTE,
};

export interface Connect {
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly token?: () => Promise<string>;
  readonly replyTimeoutMs?: number;
}

/** One network of the sandbox with a clock that stands still unless moved. */
export async function playNetwork(
  network: Network,
  connect: (settings: Connect) => Connector,
): Promise<ConformanceHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-sandbox-'));
  const secret = createSecretKey(Buffer.alloc(32, 7));
  const digest = (value: string) => createHmac('sha256', secret).update(value).digest('base64url');
  const parts: number[] = [];
  let now = Date.parse('2026-11-22T01:00:00Z');
  const clock = () => now;
  const sandbox = await startSandbox({
    clock,
    folder,
    digestKey: digest,
    timing: { googleProcessingMs: PROCESSING_MS, metaProcessingMs: PROCESSING_MS },
    random: () => parts.shift() ?? 0.5,
  });
  return {
    network: {
      inject: (fault) => sandbox.faults.add({ network, ...fault }),
      requests: () =>
        sandbox.journal
          .entries()
          .filter((entry) => entry.kind === 'request' && ['add', 'remove'].includes(entry.op))
          .length,
      held: (list) =>
        new Set(
          sandbox
            .lists()
            .find((each) => each.id === list.id)
            ?.members.map((member) => member.digest),
        ),
      digest,
      nextProcessing: (...next) => void parts.push(...next),
    },
    connect: (settings) => connect({ baseUrl: sandbox.urls[network], clock, ...settings }),
    clock,
    advance: (ms) => {
      now += ms;
    },
    close: async () => {
      await sandbox.close();
      await rm(folder, { recursive: true });
    },
  };
}
