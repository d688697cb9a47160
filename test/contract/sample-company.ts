import { parseEvent, type KnownEvent } from '@kyoka/contracts';
import { parseInstant, type Instant } from '@kyoka/kernel';
import { sampleCompany, toCloudEvent, type SampleEvent } from '@kyoka/sample';

/** One sample company for the tests of a file, and the moment it lives up to. */
export const now = parseInstant('2026-11-26T12:00:00+09:00') as Instant;
export const company = sampleCompany({ seed: 1, now });
export const { events } = company;

export const parse = ({ draft }: SampleEvent) => {
  const { data, ...attributes } = toCloudEvent(draft);
  return parseEvent(attributes, data);
};
export const known = (event: SampleEvent): KnownEvent => {
  const parsed = parse(event);
  if (!parsed.ok) throw new Error(`${event.draft.id}: ${JSON.stringify(parsed)}`);
  return parsed.event;
};
export const ending = (outcome: string, reason?: string) =>
  events.filter(({ expected }) => expected.outcome === outcome && expected.reason === reason);
export const at = (time: string) => parseInstant(time) as Instant;
