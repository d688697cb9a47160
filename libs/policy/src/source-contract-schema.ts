import { CHANNELS } from '@kyoka/kernel';
import { z } from 'zod';
import { daysSchema, idSchema, labelSchema, textSchema } from './shapes.js';
import { PURPOSE_KINDS, type PurposeKind } from './words.js';

/**
 * What the terms of one source (a mall, a partner, an own form) allow with contact points and facts
 * it supplied. It only narrows: a use needs the policy's grant and this contract's permission.
 */
export const sourceContractSchema = z
  .strictObject({
    source_contract: z
      .strictObject({
        source: idSchema.describe('id of the source, as policies name it'),
        label: labelSchema,
        known_from: textSchema.describe('where we know these terms from'),
        confirmed: z
          .boolean()
          .describe('whether the operator has confirmed them against the source’s own terms'),
      })
      .describe('whose terms these are, and how they are known'),
    allows: z
      .strictObject({
        kinds: z.array(z.enum(PURPOSE_KINDS)).describe('every purpose of these kinds'),
        purposes: z.array(idSchema).describe('and these purposes by id'),
        channels: z.array(z.enum(CHANNELS)).describe('the only channels'),
      })
      .describe('what the data may be used for; what is not named is refused'),
    retention_days: daysSchema
      .nullable()
      .describe('days after acquisition, last one included, in which the data may be used'),
    earns_consent: z.boolean().describe('whether a grant reported by this source may count'),
    attests_sessions: z
      .boolean()
      .describe('whether the source may attest a logged-in session or a one-time link'),
  })
  .describe('What a source’s terms allow');

export type SourceContract = Readonly<z.infer<typeof sourceContractSchema>>;

/** Whether the terms of a source let its data be used for a purpose, on some channel. */
export const allowsPurpose = (
  { allows }: SourceContract,
  { id, kind }: { readonly id: string; readonly kind: PurposeKind },
): boolean => allows.kinds.includes(kind) || allows.purposes.includes(id);
