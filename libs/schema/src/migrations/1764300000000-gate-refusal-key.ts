import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A key for the one table that had none: replication and TypeORM tell rows apart by it. */
export class GateRefusalKey1764300000000 implements MigrationInterface {
  readonly name = 'GateRefusalKey1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table audiences.gate_refusal add column id bigint generated always as identity primary key',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table audiences.gate_refusal drop column id');
  }
}
