/** Whether moments (ISO 8601 in UTC) are all there, each at or after the one before it. */
export const inOrder = (moments: readonly (string | undefined)[]): boolean =>
  moments.every(
    (moment, index) =>
      moment !== undefined && (index === 0 || (moments[index - 1] ?? '') <= moment),
  );
