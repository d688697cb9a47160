/** A publisher of the sample company: what its key is registered for. */
export interface SamplePublisher {
  readonly name: PublisherName;
  readonly sources: readonly string[];
  readonly types: readonly string[];
}

/** A type that this version of the service doesn't know. */
export const UNKNOWN_TYPE = 'parcel.shipped';

const PUBLISHERS = {
  shop: {
    sources: ['store', 'form_abandoned'],
    types: [
      'consent.granted',
      'consent.withdrawn',
      'contact.confirmed',
      'suspension.requested',
      'suspension.lifted',
      'erasure.requested',
      'adsswitch.changed',
      'membership.cancelled',
      'order.placed',
      'order.cancelled',
      'customer.registered',
      UNKNOWN_TYPE,
    ],
  },
  malls: {
    sources: ['mall.rakuten', 'mall.amazon', 'mall.yahoo'],
    types: ['order.placed', 'order.cancelled'],
  },
  line: { sources: ['line'], types: ['line.followed', 'line.unfollowed'] },
  mailer: {
    sources: ['store'],
    types: ['delivery.bounced', 'delivery.complained', 'delivery.returned'],
  },
  crm: {
    sources: ['import', 'store', 'mall.yahoo', 'mall.rakuten'],
    types: ['consent.granted', 'consent.withdrawn', 'suspension.requested'],
  },
} as const;
export type PublisherName = keyof typeof PUBLISHERS;

/** Every publisher with the full names of its types, to be registered before the sample is fed. */
export const SAMPLE_PUBLISHERS: readonly SamplePublisher[] = (
  Object.keys(PUBLISHERS) as PublisherName[]
).map((name) => ({
  name,
  sources: PUBLISHERS[name].sources,
  types: PUBLISHERS[name].types.map((type) => `jp.kyoka.${type}.v1`),
}));
