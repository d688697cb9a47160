import type { Queryable } from '@kyoka/postgres';
import type { Kafka } from 'kafkajs';
import { readTopics, type TopicRecord } from '../leaks/read-topics.js';
import { statesOf } from './states.js';

/** Of a type that nobody knows: counted and left. */
const SKIPPED = 'jp.kyoka.parcel.shipped.v1';

const placeOf = ({ topic, partition, offset }: TopicRecord): string =>
  `${topic}/${partition}/${offset}`;

/** Where records lie whose offset the group has committed although nothing of them is stored. */
export async function committedTooEarly(
  kafka: Kafka,
  db: Queryable,
  groupId: string,
  records: readonly TopicRecord[],
): Promise<string[]> {
  const admin = kafka.admin();
  await admin.connect();
  const topics = [...new Set(records.map(({ topic }) => topic))];
  const committed = new Map(
    (await admin.fetchOffsets({ groupId, topics })).flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [`${topic}/${partition}`, BigInt(offset)]),
    ),
  );
  await admin.disconnect();
  const stored = new Set(
    (
      await db.query<{ key: string }>(
        `select ce_source || E'\\n' || ce_id as key from intake.event
         union select place from intake.parked`,
      )
    ).map((row) => row.key),
  );
  // What nobody vouches for is kept once, at the place where it came first.
  const twins = Map.groupBy(records, ({ message }) => String(message.value));
  const isStored = ({ message: { headers = {}, value } }: TopicRecord): boolean =>
    stored.has(`${String(headers['ce_source'])}\n${String(headers['ce_id'])}`) ||
    (twins.get(String(value)) ?? []).some((twin) => stored.has(placeOf(twin)));
  return records
    .filter(({ topic, partition, offset }) => {
      return (committed.get(`${topic}/${partition}`) ?? -1n) > BigInt(offset);
    })
    .filter(({ message }) => String(message.headers?.['ce_type']) !== SKIPPED)
    .filter((record) => !isStored(record))
    .map(placeOf);
}

/** Commits the ends of these topics for a group that has read nothing. */
export async function commitEverything(
  kafka: Kafka,
  groupId: string,
  topics: readonly string[],
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  for (const topic of topics) {
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.setOffsets({
      groupId,
      topic,
      partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
    });
  }
  await admin.disconnect();
}

/** The last state that the topic tells of each subject, by id. */
export async function toldStates(kafka: Kafka): Promise<Record<string, unknown>> {
  const told: Record<string, unknown> = {};
  const ordered = (await readTopics(kafka, ['kyoka.permissions.v1'])).toSorted(
    (a, b) => Number(a.offset) - Number(b.offset),
  );
  for (const { message } of ordered) {
    if (message.value === null) {
      delete told[String(message.key)];
      continue;
    }
    const { subject, refs: _refs, at: _at, ...state } = JSON.parse(String(message.value));
    told[subject as string] = state;
  }
  return told;
}

/** The state of each subject that isn't erased as the registers say now, by id and in the form of the topic. */
export async function storedStates(db: Queryable): Promise<Record<string, unknown>> {
  const states = await statesOf(db);
  const rows = await db.query<{ name: string; id: string }>(
    `select source || '/' || ref as name, id from permissions.subject s
     where not exists (select from permissions.erasure_subject g join permissions.erasure e on e.id = g.erasure_id
                       where g.subject_id = s.id and e.state <> 'waiting')`,
  );
  return Object.fromEntries(
    rows.map(({ name, id }) => {
      const {
        acquired: _acquired,
        contacts: _contacts,
        ...state
      } = states[name] as Record<string, unknown>;
      return [id, JSON.parse(JSON.stringify(state))];
    }),
  );
}
