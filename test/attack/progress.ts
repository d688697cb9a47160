const EVERY_MS = 5_000;
const number = new Intl.NumberFormat('en');

/** Tells how far steps are, every few seconds, and how long each took. */
export function teller(say: (line: string) => void) {
  const begun = performance.now();
  const clock = (): string => `${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s`;
  let [said, title] = [0, ''];
  const begin = (next: string): void => {
    title = next;
    said = performance.now();
    say(`${clock()}  ${next}`);
  };
  const goOn = (detail: string): void => {
    if (performance.now() - said < EVERY_MS) return;
    said = performance.now();
    say(`${clock()}  ${title}: ${detail}`);
  };
  return {
    /** A step whose state is a text. */
    text(next: string) {
      begin(next);
      return goOn;
    },
    /** One that is counted; with a total also how many a second. */
    counted(next: string, total: number) {
      const started = performance.now();
      begin(total === 0 ? next : `${next}: ${number.format(total)} to try`);
      return (done: number): void => {
        const rate = Math.round((done / (performance.now() - started)) * 1000);
        if (total > 0 && done === total) said = 0;
        goOn(
          `${number.format(done)}${total === 0 ? '' : ` tried, ${number.format(rate)} a second`}`,
        );
      };
    },
  };
}
