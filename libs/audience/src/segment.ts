import type { FieldFault } from '@kyoka/kernel';
import { z } from 'zod';

/** Deepest nesting and most nodes of a segment: what a person can read, and what one statement can hold. */
export const SEGMENT_LIMITS = { depth: 6, nodes: 60 } as const;

const days = z
  .string()
  .regex(/^P[1-9]\d{0,3}D$/)
  .describe('A number of days as an ISO 8601 duration, for example P180D');

const range = (what: string, least: number) =>
  z
    .strictObject({
      min: z.int().min(least).max(1_000_000_000).optional(),
      max: z.int().min(least).max(1_000_000_000).optional(),
    })
    .refine(({ min, max }) => min !== undefined || max !== undefined, {
      message: 'min or max',
    })
    .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
      message: 'min not above max',
    })
    .describe(what);

const name = z.string().min(1).max(128);

const orders = z
  .strictObject({
    category: name.optional(),
    sku: name.optional(),
    source: name.optional(),
    within: days.optional().describe('Only orders of that many days up to now'),
    count: range('Number of distinct orders', 1).optional(),
    yen: range('Sum of the yen of the matching order lines', 0).optional(),
    last: z
      .strictObject({ before: days })
      .optional()
      .describe('The last matching order is longer ago than this'),
  })
  .describe('People with at least one matching order, cancelled ones left out');

export type OrderRule = z.infer<typeof orders>;

/** Who the marketing team wants: a rule over order facts. */
export type Segment =
  { all: Segment[] } | { any: Segment[] } | { not: Segment } | { orders: OrderRule };

const branches: z.ZodType<Segment>[] = [
  z.strictObject({
    all: z
      .array(z.lazy(() => segmentNode))
      .min(1)
      .max(20),
  }),
  z.strictObject({
    any: z
      .array(z.lazy(() => segmentNode))
      .min(1)
      .max(20),
  }),
  z.strictObject({ not: z.lazy(() => segmentNode) }),
  z.strictObject({ orders }),
];

const segmentNode: z.ZodType<Segment> = z
  .union(branches)
  .meta({ id: 'Segment', description: 'A rule over order facts' });

/** Shape of a segment, for contracts; `parseSegment` also keeps the limits of size. */
export const segmentSchema: z.ZodType<Segment> = segmentNode;

export type ParsedSegment =
  | { readonly ok: true; readonly segment: Segment }
  | { readonly ok: false; readonly faults: readonly FieldFault[] };

/** Reads a segment that came from outside. Faults name the field and what was expected, never a value. */
export function parseSegment(value: unknown): ParsedSegment {
  const size = measure(value);
  if (size.depth > SEGMENT_LIMITS.depth || size.nodes > SEGMENT_LIMITS.nodes) {
    const expected = `at most ${SEGMENT_LIMITS.depth} levels and ${SEGMENT_LIMITS.nodes} rules`;
    return { ok: false, faults: [{ field: '', expected }] };
  }
  const parsed = segmentNode.safeParse(value);
  if (parsed.success) return { ok: true, segment: parsed.data };
  return { ok: false, faults: parsed.error.issues.flatMap((issue) => faultsOf(issue, [], value)) };
}

/** Without recursion, so that no input is deep enough to end the stack. */
function measure(value: unknown): { depth: number; nodes: number } {
  const open: [unknown, number][] = [[value, 1]];
  let depth = 0;
  let nodes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, level] = next;
    if (typeof node !== 'object' || node === null) continue;
    nodes += 1;
    depth = Math.max(depth, level);
    if (nodes > SEGMENT_LIMITS.nodes || depth > SEGMENT_LIMITS.depth) break;
    const { all, any, not } = node as Record<string, unknown>;
    for (const list of [all, any]) {
      if (Array.isArray(list))
        open.push(...list.map((item): [unknown, number] => [item, level + 1]));
    }
    if (not !== undefined) open.push([not, level + 1]);
  }
  return { depth, nodes };
}

const KEYS = ['all', 'any', 'not', 'orders'] as const;

function faultsOf(
  issue: z.core.$ZodIssue,
  base: readonly PropertyKey[],
  value: unknown,
): FieldFault[] {
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union') return [{ field: dotted(path), expected: expectedOf(issue) }];
  const node = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const named = KEYS.findIndex((key) => typeof node === 'object' && node !== null && key in node);
  const inner = issue.errors[named];
  if (inner === undefined) {
    return [{ field: dotted(path), expected: `an object with one of ${KEYS.join(', ')}` }];
  }
  return inner.flatMap((one) => faultsOf(one, path, node));
}

function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'unrecognized_keys':
      return 'no other fields';
    case 'invalid_format':
      return 'a number of days such as P180D';
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'too_small':
      return `at least ${issue.minimum}`;
    default:
      return issue.code === 'custom' ? issue.message : 'another value';
  }
}

function dotted(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number'
        ? `${text}[${key}]`
        : text === ''
          ? String(key)
          : `${text}.${String(key)}`,
    '',
  );
}
