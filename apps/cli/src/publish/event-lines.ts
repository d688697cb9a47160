/** Characters of one line, which is one event; the service takes no larger one. */
const LONGEST_LINE = 256 * 1024;

/** A line of the input: an event as JSON, or what is wrong with it. */
export interface EventLine {
  readonly line: number;
  readonly event?: Readonly<Record<string, unknown>>;
  readonly expected?: string;
}

/** How a line is read. */
export type ReadLine = (line: string) => Omit<EventLine, 'line'>;

/** What became of one line, as it is written out. */
export interface EventResult {
  readonly status: string;
  readonly reason?: string | undefined;
  readonly faults?: readonly { readonly field: string; readonly expected: string }[] | undefined;
}

/** The events of the input in parts, of at most `size` lines. Blank lines are passed over. */
export async function* eventLines(
  lines: AsyncIterable<string> | Iterable<string>,
  size: number,
  read: ReadLine = readEvent,
): AsyncGenerator<EventLine[]> {
  let part: EventLine[] = [];
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    part.push({ line: number, ...read(line) });
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

function readEvent(line: string): Omit<EventLine, 'line'> {
  if (line.length > LONGEST_LINE) {
    return { expected: `a line of at most ${LONGEST_LINE} characters` };
  }
  try {
    const given: unknown = JSON.parse(line);
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
      return { event: given as Record<string, unknown> };
    }
  } catch {
    // The same answer as for JSON that is no object.
  }
  return { expected: 'a CloudEvent as a JSON object' };
}

/**
 * Answers every line of a part in order: the unreadable ones by themselves, the events by `send`, which
 * gives one result for each.
 *
 * @returns whether none of them was refused
 */
export async function answerPart(
  part: readonly EventLine[],
  send: (events: readonly Readonly<Record<string, unknown>>[]) => Promise<readonly EventResult[]>,
  write: (line: string) => void,
): Promise<boolean> {
  const events = part.flatMap(({ event }) => (event === undefined ? [] : [event]));
  const results = (events.length === 0 ? [] : await send(events)).values();
  let taken = true;
  for (const { line, event, expected } of part) {
    const result: EventResult =
      event === undefined
        ? { status: 'refused', faults: [{ field: '', expected: expected ?? '' }] }
        : (results.next().value as EventResult);
    taken &&= result.status !== 'refused';
    write(JSON.stringify({ line, ...(isId(event?.['id']) && { id: event['id'] }), ...result }));
  }
  return taken;
}

/** An id that is repeated to whoever sent it; what might be a contact value in its place is not. */
const isId = (id: unknown): id is string => typeof id === 'string' && /^[\w.:/-]{1,128}$/.test(id);
