import { DAY, type Instant } from '@kyoka/kernel';
import type { Policy } from '@kyoka/policy';
import { openPool, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { databaseForTests } from '@kyoka/testing';
import type { Random } from './random.js';
import { insertPeople } from './random-people.js';
import { ORDERED } from './release-gate.js';

/** A database that holds the random people of one policy at a time. */
export interface PeopleDatabase {
  readonly permissions: Pool;
  readonly audiences: Pool;
  readonly db: Queryable;
  /** Takes the people that were there in exchange for random ones of this policy. */
  fill(policy: Policy, random: Random, count: number): Promise<string[]>;
  close(): Promise<void>;
}

export async function openPeopleDatabase(now: Instant): Promise<PeopleDatabase> {
  const database = await databaseForTests();
  const pool = (role?: 'kyoka_permissions' | 'kyoka_audiences') =>
    openPool(database.url, { max: 3, applicationName: 'everybody', ...(role && { role }) });
  const [permissions, audiences, owner] = await Promise.all([
    pool('kyoka_permissions'),
    pool('kyoka_audiences'),
    pool(),
  ]);
  const db = queryable(permissions);
  return {
    permissions,
    audiences,
    db,
    async fill(policy, random, count) {
      await queryable(owner).query(
        `truncate permissions.contact_point, permissions.consent, permissions.stop, permissions.lift,
           permissions.freeze, permissions.order_line, permissions.stop_act, audiences.member`,
      );
      await queryable(owner).query('delete from permissions.subject');
      const people = await insertPeople(db, policy, random, count, now);
      await db.query(
        `insert into permissions.order_line
           (subject_id, source, order_ref, line, sku, category, quantity, yen, ordered_at)
         select id, source, ref, 1, 'sku', $1, 1, 1, $2 from permissions.subject`,
        [ORDERED, new Date(now - DAY)],
      );
      await queryable(owner).query(
        'analyze permissions.subject, permissions.contact_point, permissions.consent, permissions.stop, permissions.lift',
      );
      return people;
    },
    async close() {
      await Promise.all([permissions.destroy(), audiences.destroy(), owner.destroy()]);
      await database.drop();
    },
  };
}
