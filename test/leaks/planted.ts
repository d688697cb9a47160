import type { ContactKind } from '@kyoka/kernel';
import type { Planted } from './forms.js';

/** Contact values as they were typed, each under a number that a finding can name without it. */
export function plantedOf(values: readonly string[]): Planted[] {
  return values.map((value, number) => ({
    name: `${kindOf(value)} ${number}`,
    kind: kindOf(value),
    value,
  }));
}

/** What somebody would type such a value as. */
export function kindOf(value: string): ContactKind {
  if (value.includes('@') || value.includes('＠')) return 'email';
  return /^[\s()+\-‐ー\d０-９]+$/.test(value) ? 'phone' : 'line';
}
