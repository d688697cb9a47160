import type { PersonFacts } from './facts.js';
import type { Terms } from './terms.js';

/** How the sources that supplied a contact point (or, without one, the person) stand to the use. */
export interface SourceStanding {
  /** The first source, in the order of the policy, that allows the use by itself. */
  readonly allows?: string;
  readonly unknown: boolean;
  /** A source whose contract doesn't permit the use. */
  readonly forbids?: string;
  readonly over?: string;
  readonly noticeMissing?: string;
  /** A source permits the use for a time, and the time of acquisition isn't known. */
  readonly timeUnknown: boolean;
}

/** `acquired` tells time and notice only of the source it names. */
export function sourceStandingOf(
  terms: Terms,
  { contactPoint, acquired }: PersonFacts,
): SourceStanding {
  const named =
    terms.contactKinds.length > 0
      ? (contactPoint?.sources ?? [])
      : acquired?.source === undefined
        ? []
        : [acquired.source];
  const known = [...terms.sources.keys()].filter((source) => named.includes(source));
  const found: { -readonly [K in keyof SourceStanding]?: SourceStanding[K] } = {};
  let timeUnknown = false;
  for (const source of known) {
    const { permits, notBefore, notice } = terms.sources.get(source) ?? FORBIDDEN;
    const own = acquired?.source === source ? acquired : undefined;
    const noticeMissing =
      (notice === 'shown' && own?.noticeShown !== true) ||
      (notice === 'not_refused' && own?.noticeShown === false);
    const over = notBefore !== undefined && own?.at !== undefined && own.at < notBefore;
    const untimed = notBefore !== undefined && own?.at === undefined;
    if (!permits) found.forbids ??= source;
    else if (!noticeMissing && !over && !untimed) found.allows ??= source;
    else {
      if (noticeMissing) found.noticeMissing ??= source;
      if (over) found.over ??= source;
      timeUnknown ||= untimed;
    }
  }
  const unknown = named.length === 0 ? false : named.some((source) => !terms.sources.has(source));
  return { ...found, unknown, timeUnknown };
}

const FORBIDDEN = { permits: false, notBefore: undefined, notice: 'any' } as const;
