export { sampleAudiences } from './audiences.js';
export { expectedCounts, sampleCompany, type SampleCompany } from './company.js';
export { sampleContacts } from './contact-values.js';
export { DEMO_CONTACTS, DEMO_PERSON } from './demo.js';
export type { Damage, Draft, SampleEvent } from './events.js';
export { SAMPLE_PUBLISHERS, type PublisherName, type SamplePublisher } from './publishers.js';
export {
  createSampleSigner,
  toCloudEvent,
  type SampleKey,
  type SignedSampleEvent,
} from './sign.js';
export { emailTemplates, phoneTemplates, type Template } from './templates.js';
