export { axeFaults, describeWithBrowser, type TestBrowser, type Visit } from './browser.js';
export { databaseForTests, type DatabaseOptions, type TestDatabase } from './database.js';
export { consoleConsumer } from './console-consumer.js';
export {
  describeWithKafka,
  kafkaForTests,
  ownBroker,
  uniqueName,
  type TestKafka,
} from './kafka.js';
export type { Broker } from './kafka-broker.js';
export { eventually, freePort, isAlive } from './processes.js';
export { startProxy, type TcpProxy } from './tcp-proxy.js';
export { spawnModule, type ModuleProcess } from './spawn-module.js';
