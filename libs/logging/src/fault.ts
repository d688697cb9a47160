/**
 * An error as a log may show it: its class, our codes, and where in our code it arose. Messages, causes
 * and every other property may quote what somebody sent (a database driver's do) and stay out.
 */
export function faultFields(fault: unknown): Record<string, string | readonly string[]> {
  if (typeof fault !== 'object' || fault === null) return { name: typeof fault };
  const shown = Object.entries(SHOWN).flatMap(([name, form]) => {
    const value: unknown = Reflect.get(fault, name);
    return typeof value === 'string' && form.test(value) ? [[name, value] as const] : [];
  });
  const frames = framesOf(fault);
  return { ...Object.fromEntries(shown), ...(frames.length > 0 && { frames }) };
}

const SHOWN: Readonly<Record<string, RegExp>> = {
  name: /^[A-Z][A-Za-z]{0,63}$/,
  code: /^[A-Za-z][A-Za-z_]{1,63}$/,
  retry: /^(?:never|backoff|after_change)$/,
  sqlState: /^[0-9A-Z]{5}$/,
  constraint: /^[a-z_][a-z0-9_]{0,62}$/,
  table: /^[a-z_][a-z0-9_]{0,62}$/,
};

const MAX_FRAMES = 8;

/** A frame's place in a package of ours or of others, for example `libs/postgres/dist/pool.js:41`. */
const FRAME = /^ {4}at .*?((?:apps|libs|node_modules)\/[\w./@-]+\.[a-z]{2,3}:\d{1,6}):\d{1,6}\)?$/;

/** The stack begins with the message, which could itself look like frames: only what follows it counts. */
function framesOf(fault: object): string[] {
  if (!(fault instanceof Error) || typeof fault.stack !== 'string') return [];
  const end = fault.stack.indexOf(fault.message);
  if (end === -1) return [];
  return fault.stack
    .slice(end + fault.message.length)
    .split('\n')
    .flatMap((line) => FRAME.exec(line)?.[1] ?? [])
    .slice(0, MAX_FRAMES);
}
