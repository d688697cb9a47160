import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onDatabase, rightsOf } from './catalog.js';

/** All that each context's role may do. A table that isn't listed may not be touched. */
const RIGHTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  kyoka_permissions: {
    'access.act': 'select insert',
    'access.block': 'select insert',
    'access.chain_head': 'select insert update',
    'access.person': 'select insert update',
    'access.quota': 'select insert update delete',
    'access.session': 'select insert update delete',
    'access.sign_in_link': 'select insert update delete',
    'access.token': 'select insert update',
    'audiences.v_audience': 'select',
    'audiences.v_holding': 'select',
    'audiences.v_party': 'select',
    'audiences.v_policy_act': 'select',
    'audiences.v_policy_version': 'select',
    'audiences.v_recipient': 'select',
    'audiences.v_recipient_version': 'select',
    'audiences.v_release': 'select',
    'audiences.v_removal': 'select',
    'audiences.v_removal_stop': 'select',
    'audiences.v_switch': 'select',
    'audiences.v_switch_act': 'select',
    'intake.event': 'select insert update',
    'intake.journal_position': 'select insert update',
    'intake.parked': 'select insert update',
    'intake.publisher': 'select insert update',
    'intake.publisher_key': 'select insert update',
    'intake.v_journal_position': 'select',
    'permissions."freeze"': 'select insert update',
    'permissions.block': 'select insert',
    'permissions.bucket_rotation': 'select insert update',
    'permissions.chain_head': 'select insert update',
    'permissions.consent': 'select insert update',
    'permissions.contact_point': 'select insert update',
    'permissions.decision': 'select insert',
    'permissions.disclosure_step': 'select insert',
    'permissions.erasure': 'select insert update',
    'permissions.erasure_subject': 'select insert update',
    'permissions.duty_mail': 'select insert update delete',
    'permissions.figure': 'select insert update',
    'permissions.ledger': 'select insert',
    'permissions.lift': 'select insert update',
    'permissions.order_cancellation': 'select insert update',
    'permissions.order_line': 'select insert update delete',
    'permissions.order_version': 'select insert update',
    'permissions.outbox': 'select insert delete',
    'permissions.reader': 'select insert update',
    'permissions.page_confirmation': 'select insert update delete',
    'permissions.page_token': 'select insert update delete',
    'permissions.stop': 'select insert update',
    'permissions.stop_act': 'select insert update',
    'permissions.subject': 'select insert update',
    'permissions.term': 'select insert update delete',
    'permissions.unrecorded_fold': 'select',
    'permissions.v_consent': 'select',
    'permissions.v_contact_point': 'select',
    'permissions.v_freeze': 'select',
    'permissions.v_lift': 'select',
    'permissions.v_order_line': 'select',
    'permissions.v_reader': 'select',
    'permissions.v_stop': 'select',
    'permissions.v_stop_act': 'select',
    'permissions.v_subject': 'select',
    'permissions.v_term': 'select',
    'permissions.vault': 'select insert update',
    'permissions.v_vault': 'select',
  },
  kyoka_audiences: {
    'access.act': 'insert',
    'access.block': 'insert',
    'access.chain_head': 'select insert update',
    'access.v_right': 'select',
    'access.person': 'select',
    'access.quota': 'select insert update',
    'access.session': 'select update',
    'access.token': 'select',
    'audiences.attempt': 'select insert update',
    'audiences.attempt_item': 'select insert update',
    'audiences.audience': 'select insert update',
    'audiences.block': 'select insert',
    'audiences.chain_head': 'select insert update',
    'audiences.contact_cursor': 'select update',
    'audiences.gate_refusal': 'select insert',
    'audiences.member': 'select insert update',
    'audiences.figure': 'select insert update',
    'audiences.network_pace': 'select insert update',
    'audiences.outbox': 'select insert delete',
    'audiences.policy_version': 'select insert',
    'audiences.recipient': 'select insert update',
    'audiences.release': 'select insert',
    'audiences.removal': 'select insert update',
    'audiences.removal_stop': 'select insert',
    'audiences.run': 'select insert update',
    'audiences.run_subject': 'select insert delete',
    'audiences.switch_act': 'select insert',
    'audiences.v_audience': 'select',
    'audiences.v_holding': 'select',
    'audiences.v_party': 'select',
    'audiences.v_policy_act': 'select',
    'audiences.v_policy_version': 'select',
    'audiences.v_recipient': 'select',
    'audiences.v_recipient_version': 'select',
    'audiences.v_release': 'select',
    'audiences.v_removal': 'select',
    'audiences.v_removal_stop': 'select',
    'audiences.v_switch': 'select',
    'audiences.v_switch_act': 'select',
    'intake.v_journal_position': 'select',
    'permissions.v_consent': 'select',
    'permissions.v_contact_point': 'select',
    'permissions.v_freeze': 'select',
    'permissions.v_lift': 'select',
    'permissions.v_order_line': 'select',
    'permissions.v_reader': 'select',
    'permissions.v_stop': 'select',
    'permissions.v_stop_act': 'select',
    'permissions.v_subject': 'select',
    'permissions.v_term': 'select',
    'permissions.v_vault': 'select',
  },
};

const APPEND_ONLY = [
  'access.act',
  'access.block',
  'audiences.block',
  'audiences.policy_version',
  'audiences.recipient_version',
  'audiences.release',
  'audiences.switch_act',
  'permissions.block',
  'permissions.decision',
  'permissions.disclosure_step',
  'permissions.ledger',
];

let database: TestDatabase;
beforeAll(async () => {
  database = await databaseForTests();
});
afterAll(() => database.drop());

describe.each(Object.entries(RIGHTS))('%s', (role, rights) => {
  it('may do what is listed and nothing else', async () => {
    expect(await onDatabase(database.url, (db) => rightsOf(db, role))).toEqual(rights);
  });

  it('can change of an inbox row its outcome and digest only', async () => {
    const columns = await onDatabase(database.url, (db) =>
      db.query<{ attname: string }>(
        `select attname from pg_attribute
         where attrelid = 'intake.event'::regclass and attnum > 0 and has_column_privilege($1, attrelid, attname, 'update')
         order by attname`,
        [role],
      ),
    );
    const expected = role === 'kyoka_permissions' ? ['digest', 'outcome'] : [];
    expect(columns.map((row) => row.attname)).toEqual(expected);
  });

  it('owns nothing, makes nothing, logs in nowhere and is above no other role', async () => {
    const [row] = await onDatabase(database.url, (db) =>
      db.query(
        `select rolsuper, rolcanlogin, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication,
                (select count(*)::integer from pg_class where relowner = r.oid) as owned,
                (select count(*)::integer from pg_auth_members where member = r.oid) as within,
                (select count(*)::integer from pg_namespace n where has_schema_privilege(r.oid, n.oid, 'create')) as schemas
         from pg_roles r where rolname = $1`,
        [role],
      ),
    );
    expect(row).toEqual({
      rolsuper: false,
      rolcanlogin: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolbypassrls: false,
      rolreplication: false,
      owned: 0,
      within: 0,
      schemas: 0,
    });
  });
});

it('what is only ever added to refuses a change even of the owner, row by row and as a whole', async () => {
  const triggers = await onDatabase(database.url, (db) =>
    db.query<{ name: string; events: string }>(
      `select tgrelid::regclass::text as name,
              string_agg(concat_ws(' ', tgname, tgenabled, tgtype), ', ' order by tgname) as events
       from pg_trigger where not tgisinternal and tgname like 'append_only%' group by tgrelid order by 1`,
    ),
  );
  // 27: each row, before, delete or update. 34: each statement, before, truncate. O: always but in a replica.
  expect(triggers).toEqual(
    APPEND_ONLY.map((name) => ({ name, events: 'append_only O 27, append_only_all O 34' })),
  );
});

it('what a context may do to another, or to rows that it may not delete, are functions of the owner', async () => {
  const functions = await onDatabase(database.url, (db) =>
    db.query(
      `select p.oid::regprocedure::text as name, p.prosecdef as as_owner,
              has_function_privilege('kyoka_audiences', p.oid, 'execute') as audiences,
              has_function_privilege('kyoka_permissions', p.oid, 'execute') as permissions
       from pg_proc p where pronamespace::regnamespace::text in ('intake', 'permissions', 'audiences', 'access')
         and prorettype <> 'trigger'::regtype order by 1`,
    ),
  );
  const byPermissions = { as_owner: true, audiences: false, permissions: true };
  expect(functions).toEqual([
    { name: 'audiences.erase_subjects(uuid,uuid[])', ...byPermissions },
    { name: 'audiences.shred_records(uuid,uuid[],text[])', ...byPermissions },
    { name: 'audiences.still_held(uuid[])', ...byPermissions },
    { name: 'permissions.erase_subjects(uuid,uuid[])', ...byPermissions },
    {
      name: 'permissions.is_shredding(jsonb,jsonb,uuid,timestamp with time zone)',
      as_owner: true,
      audiences: false,
      permissions: false,
    },
    {
      name: 'permissions.mark_fanned_out(uuid[],timestamp with time zone)',
      as_owner: true,
      audiences: true,
      permissions: false,
    },
    { name: 'permissions.settle_journal_stops(uuid[],bytea[])', ...byPermissions },
    { name: 'permissions.shred_records(uuid,uuid[],text[])', ...byPermissions },
  ]);
});

it('a publisher key never gets a later end, not even from the owner', async () => {
  await onDatabase(database.url, async (db) => {
    await db.query(
      `with who as (
         insert into intake.publisher (id, name, sources, types, valid_until, registered_at, registered_by)
         values (gen_random_uuid(), 'shop', '{store}', '{t}', now(), now(), 'user:test') returning id
       ) insert into intake.publisher_key (kid, publisher_id, sealed, created_at, created_by, ends_at)
         select 'kp-1', id, '', now(), 'user:test', '2027-01-01' from who`,
    );
    await db.query(`update intake.publisher_key set ends_at = '2026-12-01'`);
    await expect(
      db.query(`update intake.publisher_key set ends_at = '2027-01-01'`),
    ).rejects.toMatchObject({ sqlState: '42501' });
  });
});
