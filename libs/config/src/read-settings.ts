import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { KyokaError, type FieldFault } from '@kyoka/kernel';
import { DEFINITIONS, type Definition, type Derived, type Settings } from './definitions.js';
import { misplacedFolders } from './folders.js';
import { exposedListening } from './listening.js';
import type { Role } from './roles.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of a process from its environment; an empty variable counts as not set. A variable that
 * begins with KYOKA_ and isn't known is refused (a misspelled one would silently leave a default in
 * place), but for `cli`, which runs in an environment made for something else.
 *
 * @throws KyokaError `config_invalid` whose `faults` name every wrong variable and what was expected
 *   there, never the value
 */
export function readSettings(
  environment: Environment,
  { role }: { readonly role: Role },
): Settings {
  const faults: FieldFault[] = role === 'cli' ? [] : unknownNames(environment);
  const values = Object.entries(DEFINITIONS).map(([key, definition]) => {
    const read = readOne(environment, definition, role);
    if ('fault' in read) faults.push(read.fault);
    return [key, 'value' in read ? read.value : undefined] as const;
  });
  if (faults.length > 0) throw wrong(faults);
  const settings = withDerived(Object.fromEntries(values) as Underived, role);
  if (settings.smtpUrl !== undefined && settings.mailFrom === undefined) throw wrong([NAMELESS]);
  const unsafe = [...misplacedFolders(settings), ...exposedListening(settings)];
  if (unsafe.length > 0) throw wrong(unsafe);
  const lacking = lackingForProvider(settings);
  if (lacking.length > 0) throw wrong(lacking);
  return settings;
}

const NAMELESS: FieldFault = {
  field: DEFINITIONS.mailFrom.name,
  expected: `${DEFINITIONS.mailFrom.kind.expected}, since mail is sent`,
};

/** What signing in by a provider needs beside its address. */
const FOR_PROVIDER = ['oidcClientId', 'oidcRoles', 'publicUrl'] as const;

const lackingForProvider = (settings: Settings): FieldFault[] =>
  settings.oidcIssuer === undefined
    ? []
    : FOR_PROVIDER.filter((key) => settings[key] === undefined).map((key) => ({
        field: DEFINITIONS[key].name,
        expected: `${DEFINITIONS[key].kind.expected}, since people sign in by a provider`,
      }));

type Underived = Omit<Settings, keyof Derived> & Partial<Derived>;

function withDerived(values: Underived, role: Role): Settings {
  const { port, keyDir, dataDir } = values;
  return {
    ...values,
    instance: values.instance ?? instanceOf(hostname()),
    sandboxPort: values.sandboxPort ?? (port === 0 || port === 65_535 ? 0 : port + 1),
    serviceUrl: values.serviceUrl ?? `http://127.0.0.1:${port}`,
    checkpointDirs: values.checkpointDirs ?? ['.kyoka-checkpoints', join(keyDir, 'checkpoints')],
    logFile: values.logFile ?? (role === 'standalone' ? join(dataDir, 'kyoka.log') : undefined),
  };
}

/** A host name in the form of an instance; hosts whose names differ in nothing else need the setting. */
const instanceOf = (host: string): string =>
  host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '') || 'one';

type Read = { readonly value: unknown } | { readonly fault: FieldFault };

function readOne(
  environment: Environment,
  definition: Definition<unknown, boolean>,
  role: Role,
): Read {
  const { name, kind, initial, requiredBy } = definition;
  const given = textOf(environment, definition);
  if (given !== undefined && typeof given !== 'string') return { fault: given };
  const text = given ?? (typeof initial === 'object' ? initial[role] : initial);
  if (text === undefined) {
    return requiredBy?.includes(role)
      ? { fault: { field: name, expected: kind.expected } }
      : { value: undefined };
  }
  const parsed = kind.schema.safeParse(text);
  return parsed.success
    ? { value: parsed.data }
    : { fault: { field: name, expected: kind.expected } };
}

/** The text of a variable, or of the file that a secret's `_FILE` names. */
function textOf(
  environment: Environment,
  { name, secret }: Definition<unknown, boolean>,
): string | FieldFault | undefined {
  const direct = environment[name] || undefined;
  const file = secret === true ? environment[`${name}_FILE`] || undefined : undefined;
  if (file === undefined) return direct;
  if (direct !== undefined)
    return { field: `${name}_FILE`, expected: `either this or ${name}, not both` };
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return { field: `${name}_FILE`, expected: 'a file that can be read' };
  }
}

function unknownNames(environment: Environment): FieldFault[] {
  const known = new Set(Object.values<Definition<unknown, boolean>>(DEFINITIONS).flatMap(namesOf));
  return Object.keys(environment)
    .filter((name) => name.startsWith('KYOKA_') && !known.has(name))
    .map((field) => ({ field, expected: 'no variable of this name; see docs/settings' }));
}

/** The names under which a setting can be given. */
export function namesOf({ name, secret }: Definition<unknown, boolean>): string[] {
  return secret === true ? [name, `${name}_FILE`] : [name];
}

function wrong(faults: readonly FieldFault[]): KyokaError {
  const lines = faults.map(({ field, expected }) => `${field}: ${expected}`);
  return new KyokaError('config_invalid', `wrong settings: ${lines.join('; ')}`, { faults });
}
