import { z } from 'zod';
import type { Answer } from '../network-plugin.js';
import { invalidArgument, type FieldViolation } from './errors.js';

const account = z.strictObject({ accountType: z.string(), accountId: z.string().regex(/^\d+$/) });
const consent = z.strictObject({
  adUserData: z.enum(['CONSENT_STATUS_UNSPECIFIED', 'CONSENT_GRANTED', 'CONSENT_DENIED']),
  adPersonalization: z.enum(['CONSENT_STATUS_UNSPECIFIED', 'CONSENT_GRANTED', 'CONSENT_DENIED']),
});
const identifier = z.union([
  z.strictObject({ emailAddress: z.string() }),
  z.strictObject({ phoneNumber: z.string() }),
]);

const remove = z.strictObject({
  destinations: z.array(
    z.strictObject({
      reference: z.string().optional(),
      loginAccount: account.optional(),
      operatingAccount: account,
      productDestinationId: z.string().regex(/^\d+$/),
    }),
  ),
  audienceMembers: z.array(
    z.strictObject({
      destinationReferences: z.array(z.string()).optional(),
      consent: consent.optional(),
      compositeData: z.strictObject({
        userData: z.strictObject({ userIdentifiers: z.array(identifier) }),
      }),
    }),
  ),
  encoding: z.literal('HEX'),
});

const add = remove.extend({
  consent: consent.optional(),
  termsOfService: z.strictObject({
    customerMatchTermsOfServiceStatus: z.enum(['ACCEPTED', 'REJECTED']),
  }),
});

type Body = z.infer<typeof remove> &
  Partial<Omit<z.infer<typeof add>, keyof z.infer<typeof remove>>>;

/** A removal takes neither consent nor terms; unknown fields are refused, as proto JSON does. */
export const BODIES: Readonly<Record<'add' | 'remove', z.ZodType<Body>>> = { add, remove };

/** Limits and formats of a request (facts: ad-networks, Google); `undefined` if it keeps them. */
export function checkMembers(
  { destinations, audienceMembers }: Body,
  badIndex: number | undefined,
): Answer | undefined {
  if (destinations.length === 0 || audienceMembers.length === 0) {
    return invalidArgument('REQUIRED_FIELD_MISSING');
  }
  if (destinations.length > 10) return invalidArgument('TOO_MANY_DESTINATIONS');
  if (audienceMembers.length > 10_000) return invalidArgument('TOO_MANY_AUDIENCE_MEMBERS');
  const references = new Set(destinations.map(({ reference }) => reference));
  if (audienceMembers.some((each) => each.destinationReferences?.some((r) => !references.has(r)))) {
    return invalidArgument('INVALID_DESTINATION');
  }
  const violations = audienceMembers.flatMap((member, index) => {
    const { userIdentifiers } = member.compositeData.userData;
    if (userIdentifiers.length > 10) return [violation(index, 'TOO_MANY_USER_IDENTIFIERS', '')];
    if (index === badIndex) {
      return [violation(index, 'INVALID_SHA256_FORMAT', valueOf(userIdentifiers[0]))];
    }
    const values = userIdentifiers.map(valueOf);
    const bad = values.find((value) => !/^[0-9a-f]{64}$/.test(value));
    if (bad === undefined) return values.length > 0 ? [] : [violation(index, 'INVALID_FORMAT', '')];
    const hex = /^[0-9a-f]*$/.test(bad) && bad.length % 2 === 0;
    return [violation(index, hex ? 'INVALID_SHA256_FORMAT' : 'INVALID_HEX_ENCODING', bad)];
  });
  const [first] = violations;
  return first && invalidArgument(first.reason, violations);
}

function valueOf(each: z.infer<typeof identifier> | undefined): string {
  if (!each) return '';
  return 'emailAddress' in each ? each.emailAddress : each.phoneNumber;
}

/** The field is spelled in two ways, and the description quotes the value, as seen of the real one. */
function violation(index: number, reason: string, value: string): FieldViolation {
  const field =
    reason === 'INVALID_HEX_ENCODING'
      ? `audience_members.audience_members[${index}].user_data.user_identifiers`
      : reason === 'INVALID_SHA256_FORMAT'
        ? `audience_members.audience_members[${index}]`
        : `audience_members[${index}]`;
  return { field, reason, description: `The value '${value}' is not valid.` };
}

/** Whether every member of an addition comes with consent, its own or the request's. */
export function isGranted({ consent: ofRequest, audienceMembers }: Body): boolean {
  return audienceMembers.every(
    (member) => (member.consent ?? ofRequest)?.adUserData === 'CONSENT_GRANTED',
  );
}

/** The identifiers of each member, by kind. */
export function matchKeysOf({ audienceMembers }: Body): { emails: string[]; phones: string[] }[] {
  return audienceMembers.map((member) => {
    const { userIdentifiers } = member.compositeData.userData;
    return {
      emails: userIdentifiers.flatMap((each) =>
        'emailAddress' in each ? [each.emailAddress] : [],
      ),
      phones: userIdentifiers.flatMap((each) => ('phoneNumber' in each ? [each.phoneNumber] : [])),
    };
  });
}
