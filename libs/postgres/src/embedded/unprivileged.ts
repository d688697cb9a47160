import { spawnSync } from 'node:child_process';
import { chown } from 'node:fs/promises';

/** How to start a program that refuses to run as root: what to put before it, and the ids to give it. */
export interface Unprivileged {
  readonly prefix: readonly string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

const NOBODY = 65534;

const IN_USER_NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

/**
 * PostgreSQL refuses to run as root. An ordinary user needs nothing. Root takes a user namespace, in
 * which it is nobody but keeps its files (no system user, no chown, works below folders of mode 0700);
 * where namespaces are not allowed it takes the ids of nobody, which needs folders that nobody may enter.
 * Either way the program keeps the process id that was spawned.
 */
export function unprivileged(): Unprivileged {
  if (process.getuid?.() !== 0) return { prefix: [], ids: {} };
  const [command = '', ...rest] = IN_USER_NAMESPACE;
  const probe = spawnSync(command, [...rest, 'true'], { stdio: 'ignore' });
  return probe.status === 0
    ? { prefix: IN_USER_NAMESPACE, ids: {} }
    : { prefix: [], ids: { uid: NOBODY, gid: NOBODY } };
}

/** Gives a folder or file to the ids under which PostgreSQL will run, when these differ from ours. */
export async function handOver(path: string, { ids }: Unprivileged): Promise<void> {
  if (ids.uid !== undefined && ids.gid !== undefined) await chown(path, ids.uid, ids.gid);
}
