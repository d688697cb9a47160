import { recordAct } from '@kyoka/access';
import type { Queryable } from '@kyoka/postgres';
import { type Clock, tokyoDay } from '@kyoka/kernel';
import { changeSwitch, readSwitch, registerRecipient, type SwitchTarget } from '@kyoka/release';
import type { Pool } from '@kyoka/postgres';

/** The two seeded people of the sample company: one asks, the other approves. */
const ASKS = 'sample:sakura';
const APPROVES = 'sample:haruto';

const SAMPLE_POLICY = 'almado@1';

/** What the sample company would have settled with each network before its first list. */
const RECIPIENTS = [
  { id: 'google', company: 'Google LLC' },
  { id: 'meta', company: 'Meta Platforms, Inc.' },
].map(({ id, company }) => ({
  id,
  network: id,
  kind: 'ad_network' as const,
  basis: 'consent' as const,
  contractRef: `sample-contract-${id}`,
  useLimitRef: `sample-terms-${id}`,
  items: ['hashed_email', 'hashed_phone'],
  country: 'US',
  foreignBasis: 'consent',
  party: {
    name: `${company} (sample entry)`,
    address: 'sample address',
    representative: 'sample representative',
  },
}));

interface SwitchPorts {
  readonly audiences: Pool;
  readonly clock: Clock;
  /** Destinations of the networks that the built-in sandbox plays; no other is switched on here. */
  readonly played: ReadonlyMap<string, string>;
}

/** Registers the sample's recipients, and has its two people switch them and the policy on. */
export async function switchSampleOn(ports: SwitchPorts): Promise<void> {
  const { audiences, clock, played } = ports;
  await switchOn({ target: 'policy', id: SAMPLE_POLICY }, undefined, ports);
  for (const recipient of RECIPIENTS) {
    const destination = played.get(recipient.id);
    if (destination === undefined) continue;
    const reviewedAt = tokyoDay(clock());
    await registerRecipient(audiences, { ...recipient, reviewedAt }, ASKS, clock(), (tx) =>
      recordAct(tx, {
        by: { owner: ASKS },
        act: 'recipient.registered',
        target: recipient.id,
        at: clock(),
      }),
    );
    await switchOn({ target: 'recipient', id: recipient.id }, destination, ports);
  }
}

async function switchOn(
  target: SwitchTarget,
  destination: string | undefined,
  { audiences, clock }: SwitchPorts,
): Promise<void> {
  const before = await readSwitch(audiences, target);
  if (before.state === 'on') return;
  const by = (owner: string) => {
    const at = clock();
    const record = (tx: Queryable, act: 'requested' | 'approved' | 'off') =>
      recordAct(tx, { by: { owner }, act: `switch.${act}`, target: target.id, at });
    return { by: owner, destination, at, record };
  };
  const asked =
    before.pending?.requestedBy === ASKS
      ? before
      : await changeSwitch(
          audiences,
          target,
          { act: 'request_on', reason: 'sample company' },
          by(ASKS),
        );
  const request = asked.pending?.request ?? '';
  await changeSwitch(audiences, target, { act: 'approve_on', request }, by(APPROVES));
}
