/** Answers to events that leave no row behind, so that only who counts them knows of them. */
export const UNKEPT = ['duplicate', 'skipped', 'refused'] as const;

export type Told = Readonly<Record<(typeof UNKEPT)[number], number>>;

export const NOTHING_TOLD: Told = { duplicate: 0, skipped: 0, refused: 0 };

/** `told` and what was counted beside it; other outcomes are left out. */
export function addTold(told: Told, counts: Readonly<Partial<Record<string, number>>>): Told {
  const of = (outcome: (typeof UNKEPT)[number]) => told[outcome] + (counts[outcome] ?? 0);
  return { duplicate: of('duplicate'), skipped: of('skipped'), refused: of('refused') };
}
