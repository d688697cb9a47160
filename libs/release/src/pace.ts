import type { Instant } from '@kyoka/kernel';

/** What a network takes: so many requests in each period of `perMs`. */
export interface Quota {
  readonly requests: number;
  readonly perMs: number;
}

/** Requests counted in the period that ends at `until`; with `perMs` 0 the network asked to wait until then. */
export interface PaceWindow {
  readonly perMs: number;
  readonly until: Instant;
  readonly used: number;
}

/** What adds may use of a quota. The rest is left to removals, so that no upload keeps one waiting. */
export const ADDS_SHARE = 0.9;

/**
 * Whether one more request may go to a network now.
 *
 * @param share of the quota that this kind of request may use, in (0, 1]
 * @returns the windows after it, or the moment at which to ask again
 */
export function nextTurn(
  quota: readonly Quota[],
  windows: readonly PaceWindow[],
  now: Instant,
  share: number,
): { readonly taken: readonly PaceWindow[] } | { readonly waitUntil: Instant } {
  const open = new Map(
    windows.filter(({ until }) => until > now).map((window) => [window.perMs, window]),
  );
  const full = [...open.values()].filter(({ perMs, used }) => {
    const most = quota.find((one) => one.perMs === perMs)?.requests;
    return perMs === 0 || (most !== undefined && used >= Math.max(1, Math.floor(most * share)));
  });
  if (full.length > 0) return { waitUntil: Math.max(...full.map(({ until }) => until)) };
  return {
    taken: quota.map(({ perMs }) => ({
      perMs,
      until: open.get(perMs)?.until ?? now + perMs,
      used: (open.get(perMs)?.used ?? 0) + 1,
    })),
  };
}

/**
 * How long the whole network has to be left alone after an outcome, in milliseconds: as long as it
 * asks for, or `limitedMs` after a refusal for too many requests that doesn't say; else `undefined`.
 */
export function pauseAsked(
  outcome: { readonly kind: string; readonly code?: string; readonly retryAfterMs?: number },
  limitedMs: number,
): number | undefined {
  const limited = outcome.kind === 'rejected' && outcome.code === 'rate_limited';
  return outcome.retryAfterMs ?? (limited ? limitedMs : undefined);
}
