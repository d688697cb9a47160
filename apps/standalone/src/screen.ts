import { stdout } from 'node:process';

/** Progress for the person at the terminal: what is being done, how far it is, and how long it took. */
export interface Screen {
  /** Does a step under a line that follows it. The text that `work` returns closes the line. */
  step<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T>;
  say(text: string): void;
}

export interface Progress {
  /** How far the step is, for example `4,500 of 8,952 events`. */
  at(detail: string): void;
  /** What the step came to, told once it has ended. */
  result(detail: string): void;
}

const WIDTH = 34;
/** Where nothing can be written over, a long step tells how far it is this often. */
const REPORT_EVERY_MS = 3_000;

export function openScreen(output: NodeJS.WriteStream = stdout): Screen {
  const canRewrite = output.isTTY === true;
  const line = (mark: string, title: string, detail: string) =>
    `  ${mark} ${title.padEnd(WIDTH)}${detail}`;

  return {
    say: (text) => void output.write(`${text}\n`),
    async step(title, work) {
      const started = performance.now();
      let reported = started;
      let outcome = '';
      const over = (text: string) =>
        output.write(canRewrite ? `\r\u001b[2K${text.slice(0, (output.columns ?? 100) - 1)}` : '');
      over(line('…', title, ''));
      const progress: Progress = {
        at(detail) {
          over(line('…', title, detail));
          if (canRewrite || performance.now() - reported < REPORT_EVERY_MS) return;
          reported = performance.now();
          output.write(`${line('…', title, detail)}\n`);
        },
        result: (detail) => {
          outcome = detail;
        },
      };
      try {
        const value = await work(progress);
        const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
        over('');
        output.write(`${line('✓', title, [outcome, seconds].filter(Boolean).join(', '))}\n`);
        return value;
      } catch (fault) {
        over('');
        output.write(`${line('✗', title, 'failed')}\n`);
        throw fault;
      }
    },
  };
}
