import type { SubjectSelector } from '@kyoka/contracts';
import { CONTACT_KINDS, type ContactKind } from '@kyoka/kernel';
import { isRecordId } from '../http/record-id.js';
import type { LookUpFaults, LookUpPageProps } from './views/people.js';

const LONGEST = { source: 64, ref: 128, value: 1024 } as const;

/** What was asked, or what is wrong with it; and what of it may be shown again, which no contact may. */
export type LookUp = { readonly entered: NonNullable<LookUpPageProps['entered']> } & (
  { readonly selector: SubjectSelector } | { readonly faults: LookUpFaults }
);

/** Reads the form of a look-up: by contact, by source and reference, or by id. */
export function readLookUp(form: URLSearchParams): LookUp {
  const text = (name: string) => (form.get(name) ?? '').trim();
  const entered = { source: text('source'), ref: text('ref'), kind: text('kind') };
  const fits = (name: keyof typeof LONGEST) =>
    text(name) !== '' && text(name).length <= LONGEST[name];

  if (text('by') === 'id') {
    const id = text('subject').toLowerCase();
    return isRecordId(id)
      ? { entered, selector: { id } }
      : { entered, faults: { subject: 'needId' } };
  }
  if (text('by') === 'ref') {
    const faults: LookUpFaults = {
      ...(!fits('source') && { source: 'needSource' as const }),
      ...(!fits('ref') && { ref: 'needRef' as const }),
    };
    if (Object.keys(faults).length > 0) return { entered, faults };
    return { entered, selector: { source: entered.source, ref: entered.ref } };
  }
  const { kind } = entered;
  return fits('value') && isKind(kind)
    ? { entered, selector: { contact: { kind, value: text('value') } } }
    : { entered, faults: { value: 'needValue' } };
}

const isKind = (text: string): text is ContactKind => CONTACT_KINDS.some((kind) => kind === text);
