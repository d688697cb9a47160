import { z } from 'zod';

/** Body of an addition or a removal: multi-key schema only, the one form Kyoka sends. */
export const usersBody = z.object({
  payload: z.object({
    schema: z.array(z.enum(['EMAIL', 'PHONE'])).min(1),
    data: z.array(z.array(z.string())).min(1).max(10_000),
  }),
  session: z.object({
    session_id: z.int().positive(),
    batch_seq: z.int().positive(),
    last_batch_flag: z.boolean(),
    estimated_num_total: z.int().positive().optional(),
  }),
});

type Payload = z.infer<typeof usersBody>['payload'];

export interface Rows {
  readonly taken: { emails: string[]; phones: string[] }[];
  readonly invalid: string[][];
}

const CELL = /^(?:[0-9a-f]{64})?$/;

/** A row with a cell that isn't 64 lower-case hex digits or empty, or with nothing in it, is invalid. */
export function readRows({ schema, data }: Payload, badIndex: number | undefined): Rows {
  const valid = (row: string[], index: number) =>
    index !== badIndex &&
    row.length === schema.length &&
    row.every((cell) => CELL.test(cell)) &&
    row.some((cell) => cell !== '');
  const cells = (row: string[], kind: 'EMAIL' | 'PHONE') =>
    row.filter((cell, column) => schema[column] === kind && cell !== '');
  return {
    taken: data
      .filter(valid)
      .map((row) => ({ emails: cells(row, 'EMAIL'), phones: cells(row, 'PHONE') })),
    invalid: data.filter((row, index) => !valid(row, index)),
  };
}
