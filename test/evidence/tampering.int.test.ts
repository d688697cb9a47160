import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actChainReader } from '@kyoka/access';
import { sealBlock } from '@kyoka/chain';
import { type ChainSource, joinChains, openCheckpoints, verifyEvidence } from '@kyoka/evidence';
import { formatInstant } from '@kyoka/kernel';
import { chainReader, ledgerContent } from '@kyoka/permission-store';
import { inTransaction, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { releaseChainReader } from '@kyoka/release';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { openVault, type Vault } from '@kyoka/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fill, ownerOf, sha256Hex, SINCE } from './filled.js';

let database: TestDatabase;
let owner: Pool;
let folder: string;
let dirs: string[];
let vault: Vault;

const chainsOf = (db: Queryable): ChainSource =>
  joinChains([chainReader(db), releaseChainReader(db), actChainReader(db)]);
const verify = async (db: Queryable = queryable(owner)) =>
  verifyEvidence({ reader: chainsOf(db), dirs, publicKey: vault.checkpointSigner.publicKey });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kyoka-evidence-'));
  dirs = [join(folder, 'first'), join(folder, 'second')];
  vault = await openVault({ keyDir: join(folder, 'keys'), create: true });
  database = await databaseForTests();
  owner = await ownerOf(database.url);
  const writer = await openCheckpoints({ dirs, writer: 'test', signer: vault.checkpointSigner });
  let at = SINCE;
  await fill(owner, async () =>
    writer.write(await chainsOf(queryable(owner)).heads(), (at += 1_000)),
  );
  await writer.close();
});
afterAll(async () => {
  await owner.destroy();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Does it as somebody whom no trigger stops, verifies, and takes it back. */
function kindsAfter(tamper: (tx: Queryable) => Promise<unknown>): Promise<string[]> {
  return inTransaction(owner, async (tx) => {
    await tx.query('savepoint untouched');
    await tx.query('set local session_replication_role = replica');
    await tamper(tx);
    const { defects } = await verify(tx);
    await tx.query('rollback to savepoint untouched');
    return [...new Set(defects.map(({ kind }) => kind))].sort();
  });
}

it('an untouched system has no defect', async () => {
  expect(await verify()).toMatchObject({
    entries: 24,
    chains: 5,
    blocks: 15,
    checkpoints: 3,
    unwitnessed: 0,
    defects: [],
  });
});

const COLUMNS: Record<string, Record<string, string>> = {
  'permissions.ledger': {
    id: 'gen_random_uuid()',
    block: '9',
    index: '-1',
    subject_id: 'gen_random_uuid()',
    act: `'withdrawn'`,
    act_at: `act_at + interval '1 second'`,
    arrived_at: `arrived_at + interval '1 second'`,
    body: `body || '{"more":1}'`,
  },
  'access.act': {
    id: 'gen_random_uuid()',
    block: '9',
    owner: `'user:somebody'`,
    credential: 'gen_random_uuid()',
    act: `'token.made'`,
    target: `'x'`,
    at: `at + interval '1 second'`,
    detail: `detail || '{"more":1}'`,
  },
  'permissions.decision': {
    id: 'gen_random_uuid()',
    block: '9',
    index: '-1',
    subject_id: 'gen_random_uuid()',
    decided_at: `decided_at + interval '1 second'`,
    body: `body || '{"more":1}'`,
  },
  'permissions.disclosure_step': {
    id: 'gen_random_uuid()',
    block: '9',
    case_id: 'gen_random_uuid()',
    subject_id: 'gen_random_uuid()',
    step: `'handed_over'`,
    opened_at: `opened_at + interval '1 second'`,
    at: `at + interval '1 second'`,
    body: `body || '{"more":1}'`,
  },
  'audiences.release': {
    id: 'gen_random_uuid()',
    block: '9',
    index: '-1',
    subject_id: 'gen_random_uuid()',
    attempt_id: 'gen_random_uuid()',
    decided_at: `decided_at + interval '1 second'`,
    body: `body || '{"more":1}'`,
  },
};

/** Tables whose blocks hold one entry each. */
const ALONE = ['access.act', 'permissions.disclosure_step'];

describe.each(Object.entries(COLUMNS))('a change of one entry of %s', (table, columns) => {
  it.each(Object.entries(columns))('in %s shows', async (column, value) => {
    const kinds = await kindsAfter((tx) =>
      tx.query(
        `update ${table} set ${column} = ${value}
         where id = (select id from ${table} where block = 2 order by index desc limit 1)`,
      ),
    );
    expect(kinds).not.toEqual([]);
  });

  it('covers every column but the name of the chain, and the order of what is alone in its block', async () => {
    const rows = await queryable(owner).query<{ name: string }>(
      `select attname as name from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped order by 1`,
      [table],
    );
    const without = ['chain', ...(ALONE.includes(table) ? ['index'] : [])];
    expect(rows.map(({ name }) => name)).toEqual([...Object.keys(columns), ...without].sort());
  });
});

describe.each(['permissions', 'audiences', 'access'])('a change of one block of %s', (schema) => {
  it.each([
    ['prev', `decode(repeat('00', 32), 'hex')`],
    ['hash', `decode(repeat('00', 32), 'hex')`],
    ['entries', '3'],
    ['at', `at + interval '1 second'`],
  ])('in %s shows', async (column, value) => {
    const kinds = await kindsAfter((tx) =>
      tx.query(`update ${schema}.block set ${column} = ${value} where number = 2`),
    );
    expect(kinds).not.toEqual([]);
  });
});

describe('a chain', () => {
  it('with an entry put in between shows', async () => {
    const kinds = await kindsAfter((tx) =>
      tx.query(
        `insert into permissions.ledger
         select gen_random_uuid(), chain, block, 2, subject_id, act, act_at, arrived_at, body
         from permissions.ledger where block = 2 and index = 1`,
      ),
    );
    expect(kinds).not.toEqual([]);
  });

  it.each([
    ['permissions.ledger', 'a block that is not there', `'ledger', 99`],
    ['permissions.ledger', 'another chain', `'decision', 2`],
    ['permissions.ledger', 'a chain of its own', `'private', 1`],
    ['permissions.decision', 'a block that is not there', `'decision', 0`],
    ['audiences.release', 'a block that is not there', `'release', -5`],
    ['audiences.release', 'a chain of its own', `'private', 1`],
  ])('of which an entry of %s names %s shows', async (table, _where, place) => {
    const columns = Object.keys(COLUMNS[table] ?? {})
      .slice(3)
      .join(', ');
    const kinds = await kindsAfter((tx) =>
      tx.query(
        `insert into ${table} (id, chain, block, index, ${columns})
         select gen_random_uuid(), ${place}, 7, ${columns} from ${table} where block = 1 and index = 0`,
      ),
    );
    expect(kinds).toContain('added_entry');
  });

  it.each(['permissions', 'audiences', 'access'])(
    'of %s that somebody put a block before the first of shows',
    async (schema) => {
      const kinds = await kindsAfter((tx) =>
        tx.query(
          `insert into ${schema}.block select chain, -1, prev, hash, 0, at from ${schema}.block where number = 1`,
        ),
      );
      expect(kinds).not.toEqual([]);
    },
  );

  it('whose tail is cut, head and all, shows by the checkpoints alone', async () => {
    const kinds = await kindsAfter(async (tx) => {
      await tx.query('delete from permissions.ledger where block = 3');
      await tx.query(`delete from permissions.block where chain = 'ledger' and number = 3`);
      await tx.query(
        `update permissions.chain_head h set number = b.number, hash = b.hash
         from permissions.block b where h.chain = 'ledger' and b.chain = 'ledger' and b.number = 2`,
      );
    });
    expect(kinds).toEqual(['cut_tail']);
  });

  it('that is gone as a whole shows', async () => {
    const kinds = await kindsAfter(async (tx) => {
      await tx.query('delete from audiences.release');
      await tx.query('delete from audiences.block');
      await tx.query('delete from audiences.chain_head');
    });
    expect(kinds).not.toEqual([]);
  });

  it('rewritten with right hashes from its first block on shows by the checkpoints alone', async () => {
    const kinds = await kindsAfter(async (tx) => {
      await tx.query(`update permissions.ledger set act = 'withdrawn' where block = 1`);
      await rewrite(tx);
    });
    expect(kinds).toEqual(['rewritten_chain']);
  });
});

/** Seals every block of the ledger anew over what its entries say now. */
async function rewrite(tx: Queryable): Promise<void> {
  let prev = (
    await tx.query<{ prev: string }>(
      `select encode(prev, 'hex') as prev from permissions.block where chain = 'ledger' and number = 1`,
    )
  )[0]?.prev as string;
  for (let number = 1; number <= 3; number += 1) {
    const rows = await tx.query<{
      id: string;
      subject_id: string;
      act: string;
      act_at: Date;
      arrived_at: Date;
      body: Record<string, number>;
    }>('select * from permissions.ledger where block = $1 order by index', [number]);
    const at = (rows[0] as { arrived_at: Date }).arrived_at.getTime();
    const block = sealBlock(
      sha256Hex,
      { chain: 'ledger', number: number - 1, hash: prev },
      rows.map(({ id, subject_id: subjectId, act, act_at: actAt, body }) =>
        ledgerContent({ id, subjectId, act, at: actAt.getTime(), body }, at),
      ),
      at,
    );
    await tx.query(
      `update permissions.block set prev = decode($2, 'hex'), hash = decode($3, 'hex'), at = $4
       where chain = 'ledger' and number = $1`,
      [number, block.prev, block.hash, formatInstant(at)],
    );
    prev = block.hash;
  }
}

describe('checkpoints', () => {
  const files = () => dirs.map((dir) => join(dir, 'checkpoints-test.jsonl'));

  async function kindsWith(change: (file: string) => Promise<unknown>): Promise<string[]> {
    const [file] = files() as [string, string];
    await copyFile(file, `${file}.kept`);
    try {
      await change(file);
      return [...new Set((await verify()).defects.map(({ kind }) => kind))].sort();
    } finally {
      await copyFile(`${file}.kept`, file);
      await rm(`${file}.kept`);
    }
  }

  it('rolled back in one place show', async () => {
    const kinds = await kindsWith(async (file) =>
      writeFile(file, `${(await readFile(file, 'utf8')).split('\n')[0]}\n`),
    );
    expect(kinds).not.toEqual([]);
  });

  it('changed, or signed by another key, show', async () => {
    const kinds = await kindsWith(async (file) =>
      writeFile(file, (await readFile(file, 'utf8')).replace('"number":2', '"number":9')),
    );
    expect(kinds).not.toEqual([]);
    const other = await openVault({ keyDir: join(folder, 'other-keys'), create: true });
    const report = await verifyEvidence({
      reader: chainsOf(queryable(owner)),
      dirs,
      publicKey: other.checkpointSigner.publicKey,
    });
    expect(report.defects).not.toEqual([]);
  });

  it('gone from one place show', async () => {
    expect(await kindsWith((file) => writeFile(file, ''))).not.toEqual([]);
  });
});
