import type { ListRef, Member } from '@kyoka/connector-kit';
import type { GoogleSettings } from './settings.js';

const REFERENCE = 'list';

function account(accountId: string) {
  return { accountType: 'GOOGLE_ADS', accountId };
}

/** Body of `audienceMembers:remove`. */
export function removeBody(settings: GoogleSettings, list: ListRef, members: readonly Member[]) {
  const { operatingAccountId, loginAccountId = operatingAccountId } = settings;
  return {
    destinations: [
      {
        reference: REFERENCE,
        loginAccount: account(loginAccountId),
        operatingAccount: account(operatingAccountId),
        productDestinationId: list.id,
      },
    ],
    audienceMembers: members.map(({ emails, phones }) => ({
      destinationReferences: [REFERENCE],
      compositeData: {
        userData: {
          userIdentifiers: [
            ...emails.map((emailAddress) => ({ emailAddress })),
            ...phones.map((phoneNumber) => ({ phoneNumber })),
          ],
        },
      },
    })),
    encoding: 'HEX',
  };
}

/**
 * Body of `audienceMembers:ingest`. Consent is stated for the request as a whole, since the release
 * gate lets nobody through without a consent to ad matching at this recipient.
 */
export function ingestBody(settings: GoogleSettings, list: ListRef, members: readonly Member[]) {
  return {
    ...removeBody(settings, list, members),
    consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' },
    termsOfService: {
      customerMatchTermsOfServiceStatus: settings.termsAccepted ? 'ACCEPTED' : 'REJECTED',
    },
  };
}
