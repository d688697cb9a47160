/**
 * Settings of a broker that is its own controller, for tests: a restart after SIGKILL waits for its
 * old registration for 1.5 s, not 9 s, a first join waits for nobody, and a group may have a session
 * of under 6 s. Checked with Kafka 4.4.0.
 */
export function kafkaSettings(place: {
  /** Where the broker listens, and where its clients find it. */
  readonly bind: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly logDir: string;
}): Readonly<Record<string, string | number>> {
  const { bind, port, controllerPort, logDir } = place;
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${bind}:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': logDir,
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'broker.session.timeout.ms': 1500,
    'broker.heartbeat.interval.ms': 300,
    'log.cleaner.dedupe.buffer.size': 4194304,
  };
}
