import type { FieldFault } from '@kyoka/kernel';
import type * as z from 'zod';

const FAULT_LIMIT = 20;

/**
 * What was expected where, at most 20 places. Neither values nor unknown field names that somebody
 * sent are repeated: every path is made of declared names and positions.
 *
 * @param root name of what was parsed, for example `data`; empty for a whole body
 */
export function faultsOf(error: z.ZodError, root = ''): FieldFault[] {
  return error.issues.slice(0, FAULT_LIMIT).map((issue) => ({
    field: fieldOf(issue.path, root),
    expected: expectedOf(issue),
  }));
}

function fieldOf(path: readonly PropertyKey[], root: string): string {
  return path.reduce<string>((field, step) => {
    if (typeof step === 'number') return `${field}[${step}]`;
    return field === '' ? String(step) : `${field}.${String(step)}`;
  }, root);
}

function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'invalid_value':
      return issue.values.map(String).join(' | ');
    case 'unrecognized_keys':
      return 'no other fields';
    case 'custom':
    case 'invalid_format':
    case 'invalid_union':
      return issue.message;
    default:
      return 'another form';
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  if (origin === 'array') return ' items';
  return '';
}
