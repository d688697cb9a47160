import { DAY, formatInstant, type Instant } from '@kyoka/kernel';
import type { OrderRule, Segment } from './segment.js';

/** A statement that selects `subject_id`, each once; every value of the segment is a parameter. */
export interface CompiledSegment {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/**
 * The set of subjects a segment means at `now`, as one statement over `permissions.v_order_line`
 * (and `permissions.v_subject`, which `not` is the complement in). An order counts once, whatever
 * number of its lines match; a day is 24 hours back from `now`; an order dated after `now` is left out.
 */
export function compileSegment(segment: Segment, now: Instant): CompiledSegment {
  const parameters: (string | number)[] = [];
  const bind = (value: string | number, type: string): string => {
    parameters.push(value);
    return `$${parameters.length}::${type}`;
  };
  return { sql: write(segment, now, bind), parameters };
}

type Bind = (value: string | number, type: string) => string;

function write(segment: Segment, now: Instant, bind: Bind): string {
  if ('all' in segment) return joined(segment.all, 'intersect', now, bind);
  if ('any' in segment) return joined(segment.any, 'union', now, bind);
  if ('not' in segment) {
    return `select subject_id from permissions.v_subject except (${write(segment.not, now, bind)})`;
  }
  return writeOrders(segment.orders, now, bind);
}

function joined(parts: readonly Segment[], operator: string, now: Instant, bind: Bind): string {
  return parts.map((part) => `(${write(part, now, bind)})`).join(` ${operator} `);
}

function writeOrders(rule: OrderRule, now: Instant, bind: Bind): string {
  const back = (duration: string): string =>
    bind(formatInstant(now - Number(duration.slice(1, -1)) * DAY), 'timestamptz');
  const where = [
    `ordered_at <= ${bind(formatInstant(now), 'timestamptz')}`,
    ...(['category', 'sku', 'source'] as const).flatMap((column) => {
      const wanted = rule[column];
      return wanted === undefined ? [] : [`${column} = ${bind(wanted, 'text')}`];
    }),
    ...(rule.within === undefined ? [] : [`ordered_at >= ${back(rule.within)}`]),
  ];
  const having = [
    ...bounds('count(distinct (source, order_ref))', rule.count, bind),
    ...bounds('sum(yen)', rule.yen, bind),
    ...(rule.last === undefined ? [] : [`max(ordered_at) < ${back(rule.last.before)}`]),
  ];
  return [
    `select subject_id from permissions.v_order_line where ${where.join(' and ')} group by subject_id`,
    ...(having.length === 0 ? [] : [`having ${having.join(' and ')}`]),
  ].join(' ');
}

function bounds(
  measure: string,
  range: { min?: number | undefined; max?: number | undefined } | undefined,
  bind: Bind,
): string[] {
  return [
    ...(range?.min === undefined ? [] : [`${measure} >= ${bind(range.min, 'bigint')}`]),
    ...(range?.max === undefined ? [] : [`${measure} <= ${bind(range.max, 'bigint')}`]),
  ];
}
