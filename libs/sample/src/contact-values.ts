import type { Json } from '@kyoka/kernel';
import type { SampleCompany } from './company.js';

/** Every contact value of the sample as it was typed: what a leak scan looks for. */
export function sampleContacts(company: SampleCompany): string[] {
  const found = new Set<string>();
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      const bag = value as Readonly<Record<string, Json | undefined>>;
      if (typeof bag['kind'] === 'string' && typeof bag['value'] === 'string')
        found.add(bag['value']);
      Object.values(bag).forEach(visit);
    }
  };
  for (const { draft } of company.events) visit(draft.data);
  return [...found];
}
