import type { Json } from '@kyoka/kernel';
import { z } from 'zod';
import { legalPackSchema } from './legal-pack-schema.js';
import { policySchema } from './policy-schema.js';
import { sourceContractSchema } from './source-contract-schema.js';

/** JSON Schema (2020-12) of each kind of file, by the name its document is published under. */
export function policyJsonSchemas(): Readonly<
  Record<'policy' | 'source-contract' | 'legal-pack', Json>
> {
  return {
    policy: z.toJSONSchema(policySchema) as Json,
    'source-contract': z.toJSONSchema(sourceContractSchema) as Json,
    'legal-pack': z.toJSONSchema(legalPackSchema) as Json,
  };
}

/** The same as files beside the deployed ones, which name them for editors. */
export const schemaFiles = (): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(policyJsonSchemas()).map(([name, schema]) => [
      `${name}.schema.json`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  );
