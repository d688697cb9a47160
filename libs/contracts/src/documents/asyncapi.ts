import * as z from 'zod';
import { cloudEventAttributes } from '../events/cloud-event.js';
import { OUTPUT_EVENTS, type OutputType } from '../events/outputs.js';
import { EVENT_DATA } from '../events/schemas.js';
import { EVENT_TYPES, TOPIC_OF_TYPE } from '../events/types.js';
import { collectComponents, type JsonObject } from './components.js';

const inputs = EVENT_TYPES.map((type) => ({
  type,
  topic: TOPIC_OF_TYPE[type],
  data: EVENT_DATA[type],
  action: 'receive',
}));
const outputs = (Object.keys(OUTPUT_EVENTS) as OutputType[]).map((type) => ({
  type,
  ...OUTPUT_EVENTS[type],
  action: 'send',
}));
// A copy without its id, so that the schema is written out instead of referred to.
const attributes = z.toJSONSchema(z.object(cloudEventAttributes.shape), { io: 'input' });
const messages = [...inputs, ...outputs];

/** The AsyncAPI 3.1 document of the topics: CloudEvents 1.0 in Kafka's binary mode. */
export function asyncApiDocument(): JsonObject {
  const components = collectComponents();
  const topics = [...new Set(messages.map(({ topic }) => topic))];
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Kyoka',
      version: '1',
      description:
        'CloudEvents 1.0, Kafka binary mode, JSON data. `ce_id` and `ce_source` are the idempotency key; the record key is a pseudonymous subject key, never an address. Contacts are sealed. What the service sends carries `ce_sequence`, 19 digits that rise with the changes of a record key, but for checkpoints, which are numbered themselves: a record may come twice, and in rare faults an older one after a newer, so a reader drops a record whose sequence is lower than one that it has seen of the same key and source.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map((topic) => [topic, channelOf(topic)])),
    operations: Object.fromEntries(
      topics.map((topic) => [
        topic,
        {
          action: messages.find((message) => message.topic === topic)?.action,
          channel: { $ref: `#/channels/${topic}` },
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        messages.map(({ type, data }) => [
          type,
          {
            name: type,
            contentType: 'application/json',
            headers: headersOf(type),
            payload: components.ref(data),
          },
        ]),
      ),
      schemas: components.schemas(),
    },
  };
}

function channelOf(topic: string): JsonObject {
  const types = messages.filter((message) => message.topic === topic).map(({ type }) => type);
  return {
    address: topic,
    messages: Object.fromEntries(
      types.map((type) => [type, { $ref: `#/components/messages/${type}` }]),
    ),
    bindings: { kafka: { topic } },
  };
}

function headersOf(type: string): JsonObject {
  const { properties, required } = attributes;
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties as JsonObject)
        .filter(([attribute]) => attribute !== 'datacontenttype')
        .map(([attribute, schema]) => [
          `ce_${attribute}`,
          attribute === 'type' ? { const: type } : schema,
        ]),
    ),
    required: (required as string[]).map((attribute) => `ce_${attribute}`),
  };
}
