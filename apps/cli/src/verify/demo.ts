import { randomUUID } from 'node:crypto';
import { actChainReader, recordAct } from '@kyoka/access';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinChains, openCheckpoints, type VerifyReport } from '@kyoka/evidence';
import { type Clock, SECOND } from '@kyoka/kernel';
import { appendDecisions, appendLedger, chainReader } from '@kyoka/permission-store';
import {
  EMBEDDED_PASSWORD,
  inTransaction,
  openPool,
  type Pool,
  type Queryable,
  queryable,
  startEmbedded,
} from '@kyoka/postgres';
import { migrate } from '@kyoka/schema';
import { openVault, type Vault } from '@kyoka/vault';
import { ANSWERED, REFUSED, type Surroundings } from '../lines/surroundings.js';
import { afterTampering, TAMPERINGS } from './tampering.js';
import { type Proofs, verify } from './verify.js';

const BLOCKS = 4;
const WRITER = 'demo';

/**
 * `kyoka verify --demo`: makes a small system of its own, tampers with it in every way, shows that each
 * is found, and verifies what is left of it, untouched. The last line is the report of that.
 *
 * @returns the exit code: 0 if every tampering was found and nothing else was
 */
export async function verifyDemo({ write, tell }: Surroundings, clock: Clock): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-verify-'));
  const proofs: Proofs = {
    keyDir: join(folder, 'keys'),
    checkpointDirs: [join(folder, 'checkpoints-1'), join(folder, 'checkpoints-2')],
  };
  try {
    tell('making a small system on a PostgreSQL of its own');
    const vault = await openVault({ keyDir: proofs.keyDir, create: true });
    const server = await startEmbedded({
      dataDir: join(folder, 'data'),
      password: vault.secret(EMBEDDED_PASSWORD).toString('base64url'),
      secretFolder: proofs.keyDir,
    });
    try {
      await migrate(server.url);
      const pool = await openPool(server.url, { max: 2, applicationName: 'kyoka verify' });
      try {
        await fill(pool, { vault, proofs, clock });
        return await show(pool, proofs, write);
      } finally {
        await pool.destroy();
      }
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const chainsOf = (db: Queryable) => joinChains([chainReader(db), actChainReader(db)]);

async function fill(
  pool: Pool,
  { vault, proofs, clock }: { vault: Vault; proofs: Proofs; clock: Clock },
): Promise<void> {
  const dirs = proofs.checkpointDirs;
  const writer = await openCheckpoints({ dirs, writer: WRITER, signer: vault.checkpointSigner });
  for (let block = 0; block < BLOCKS; block += 1) {
    const at = clock() + block * SECOND;
    const subjectId = randomUUID();
    const entry = (act: string) => ({
      id: randomUUID(),
      subjectId,
      act,
      at,
      body: { demo: block },
    });
    await inTransaction(pool, async (tx) => {
      await appendLedger(tx, [entry('granted'), entry('withdrawn')], at);
      await appendDecisions(tx, [{ id: randomUUID(), subjectId, body: { allowed: false } }], at);
      await recordAct(tx, {
        by: { owner: 'user:demo' },
        act: 'subject.read',
        target: subjectId,
        at,
      });
    });
    await writer.write(await chainsOf(queryable(pool)).heads(), at);
  }
  await writer.close();
}

async function show(pool: Pool, proofs: Proofs, write: Surroundings['write']): Promise<number> {
  let found = true;
  const tell = (tampering: string, { defects }: VerifyReport) => {
    found &&= defects.length > 0;
    write(JSON.stringify({ tampering, defects }));
  };
  const look = (db: Queryable) => verify(chainsOf(db), proofs);
  for (const tampering of TAMPERINGS) {
    tell(tampering.what, await afterTampering(pool, tampering, look));
  }
  tell(
    'the checkpoints of one place rolled back',
    await afterRollback(proofs, () => look(queryable(pool))),
  );
  const untouched = await look(queryable(pool));
  write(JSON.stringify(untouched));
  return found && untouched.defects.length === 0 ? ANSWERED : REFUSED;
}

/** Leaves of the second place's checkpoints the first only, lets `look` see that, and puts them back. */
async function afterRollback<T>(proofs: Proofs, look: () => Promise<T>): Promise<T> {
  const file = join(proofs.checkpointDirs[1] ?? '', `checkpoints-${WRITER}.jsonl`);
  const text = await readFile(file, 'utf8');
  await truncate(file, text.indexOf('\n') + 1);
  const seen = await look();
  await writeFile(file, text);
  return seen;
}
