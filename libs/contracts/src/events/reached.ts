import { contacts } from '../contact.js';
import { subjectRef } from '../words.js';

/** A subject, or contact points of somebody who may not be known yet. */
export const reached = {
  subject: subjectRef.optional(),
  contacts: contacts.optional(),
};

export const reachesSomebody = (data: {
  subject?: unknown;
  contacts?: readonly unknown[] | undefined;
}): boolean => data.subject !== undefined || (data.contacts?.length ?? 0) > 0;

export const REACHES = { path: ['subject'], error: 'a subject, or at least one contact' };
export const REACHES_SCHEMA = {
  anyOf: [
    { required: ['subject'] },
    { required: ['contacts'], properties: { contacts: { minItems: 1 } } },
  ],
};
