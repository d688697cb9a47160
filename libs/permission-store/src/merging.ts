import type { Instant } from '@kyoka/kernel';
import type { ContactWrite } from './tables/contact-table.js';
import type { SubjectWrite } from './tables/subject-table.js';

/** What is known of a contact point, whoever keeps its value. */
export type ContactKnown = Omit<ContactWrite, 'sealed'>;

/**
 * What two acts say of a subject together: of each part the latest, of how it was acquired the
 * earliest. Their order and repetition change nothing.
 */
export function mergeSubject(kept: SubjectWrite | undefined, more: SubjectWrite): SubjectWrite {
  if (!kept) return more;
  const category = later(kept.category, more.category, 1);
  const acquired = later(kept.acquired, more.acquired, -1);
  return {
    id: kept.id,
    ...(category && { category }),
    ...(acquired && { acquired }),
    ...moment('registeredAt', kept, more),
    ...moment('cancelledAt', kept, more),
    ...moment('adsOnAt', kept, more),
    ...moment('adsOffAt', kept, more),
  };
}

/** The same of one contact point of one subject. */
export function mergeContact(kept: ContactKnown | undefined, more: ContactKnown): ContactKnown {
  if (!kept) return more;
  return {
    ...kept,
    source: kept.source ?? more.source,
    confirmedAt: latest(kept.confirmedAt, more.confirmedAt),
  };
}

function moment(
  name: 'registeredAt' | 'cancelledAt' | 'adsOnAt' | 'adsOffAt',
  left: SubjectWrite,
  right: SubjectWrite,
): Partial<SubjectWrite> {
  const at = latest(left[name], right[name]);
  return at === undefined ? {} : { [name]: at };
}

export function latest(left: Instant | undefined, right: Instant | undefined): Instant | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.max(left, right);
}

/** `sign` 1 keeps the later, -1 the earlier; at the same moment the event key decides the same way, by its bytes. */
function later<T extends { readonly at: Instant; readonly event: string }>(
  left: T | undefined,
  right: T | undefined,
  sign: 1 | -1,
): T | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const order =
    left.at === right.at
      ? Buffer.compare(Buffer.from(left.event), Buffer.from(right.event))
      : left.at - right.at;
  return order * sign > 0 ? left : right;
}
