import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_CONTACTS, type SampleCompany, sampleContacts } from '@kyoka/sample';
import { openVault } from '@kyoka/vault';
import type { Planted } from '../leaks/forms.js';
import { leakScanner } from '../leaks/leak-scan.js';
import { plantedOf } from '../leaks/planted.js';
import { attack, type Recovered } from './attack.js';
import { type PlantedLeak, writeLeaks, writeList } from './control.js';
import { eraseOne } from './erased.js';
import { everything, slice } from './guess/jobs.js';
import { openKernel } from './guess/kernel.js';
import { tryOtherKeys } from './other-keys.js';
import { type Contact, contactsIn, guessableOf } from './people.js';
import { teller } from './progress.js';
import { loadSystem } from './system/loaded-system.js';
import { withCopied } from './system/openings.js';
import { dumpInto, openCopied, takeCopy } from './system/thief.js';

const PEOPLE = { full: 20_000, quick: 300 };
/** How many values are looked for in every form that there is. */
const CANARIES = 2_000;
/** For how many people SHA-1, MD5 and HMAC are tried, too. */
const PLANTED = { full: 24, quick: 13 };

export interface AttackOptions {
  /** Few people, and of the numbers only those around theirs. */
  readonly quick: boolean;
  readonly people?: number | undefined;
  readonly say: (line: string) => void;
}

export interface AttackResult {
  readonly counts: {
    /** Digests tried against the copy. */
    readonly candidates: number;
    /** Contacts that the copy gave away: 0. */
    readonly recovered: number;
    /** Contacts that the plain list of the same people gave away: all of them. */
    readonly controlRecovered: number;
  };
  /** What was not as it has to be; empty. */
  readonly faults: readonly string[];
}

/** The whole attack with its controls, in temporary folders that are gone at the end. */
export async function runAttack({
  quick,
  people: wanted,
  say,
}: AttackOptions): Promise<AttackResult> {
  const tell = teller(say);
  const work = await mkdtemp(join(tmpdir(), 'kyoka-attack-'));
  const size = quick ? 'quick' : 'full';
  const people = wanted ?? PEOPLE[size];
  const faults: string[] = [];
  const expect = (holds: boolean, line: string): void => {
    say(`  ${holds ? 'ok  ' : 'FAIL'}  ${line}`);
    if (!holds) faults.push(line);
  };
  let system: Awaited<ReturnType<typeof loadSystem>> | undefined;
  try {
    system = await loadSystem({ people, folder: join(work, 'system') }, tell.text);
    say(system.broker ? 'topics on a real broker' : 'no broker can be had here: events over HTTP');
    const copy = join(work, 'copy');
    await takeCopy(system, { temporary: join(work, 'system', 'temporary'), to: copy });
    const database = await openCopied(copy, join(work, 'thief'));
    try {
      await dumpInto(join(copy, 'dump'), database.url);

      const contacts = contactsIn(sampleContacts(system.company));
      const listed = guessableOf(contacts);
      const planted = spread(listed, PLANTED[size]);
      const [list, leaky] = [join(work, 'list'), join(work, 'leaky')];
      await writeList(list, listed);
      const leaks = await writeLeaks(leaky, planted);
      const kernel = await openKernel(work);
      say(`${people} people, ${contacts.length} contacts, ${listed.length} of them can be guessed`);
      say(kernel.name);
      const { recovered, candidates } = await attack({
        folders: [copy, list, leaky],
        jobs: quick ? slice(people, listed) : everything(people),
        contacts,
        planted,
        kernel,
        step: tell.counted,
      });
      const [ofCopy, ofList, ofLeaky] = recovered as [Recovered, Recovered, Recovered];
      const counts = {
        candidates,
        recovered: ofCopy.size,
        controlRecovered: listed.filter(({ id }) => ofList.get(id)?.has('SHA-256')).length,
      };
      say('');
      expect(ofCopy.size === 0, `recovered from the copy: ${ofCopy.size}${waysOf(ofCopy)}`);
      expect(
        counts.controlRecovered === listed.length,
        `control: ${counts.controlRecovered} of ${listed.length} from a plain SHA-256 list`,
      );
      const missed = leaks.filter((leak) => !isFound(leak, ofLeaky));
      expect(
        missed.length === 0,
        `control: ${leaks.length - missed.length} of ${leaks.length} planted leaks found${missed.map(({ name }) => `; not the one ${name}`).join('')}`,
      );

      const canaries = canariesOf(system.company);
      const scanning = leakScanner(canaries);
      const { leaks: seen, files } = await scanning.scanFolder(copy);
      const where = [
        ...new Set(seen.map(({ name, form, where: at }) => `; ${name} ${form} in ${at}`)),
      ];
      expect(
        seen.length === 0,
        `canaries (addresses, numbers, LINE ids, names and postal addresses in every form) in ${files} files: ${seen.length}${where.slice(0, 5).join('')}`,
      );
      const shown = leakScanner(plantedOf(planted.map(({ normalised }) => normalised)));
      const inLeaky = (await shown.scanFolder(leaky)).leaks.length;
      expect(inLeaky >= 7, `control: ${inLeaky} canaries in the planted leaks`);

      const { keyDir, dataDir } = system.settings;
      const own = await openVault({ keyDir, dataDir });
      const trial = await withCopied(database.url, (db) =>
        tryOtherKeys(db, { own, keyDir: join(work, 'other-keys'), copy, contacts }),
      );
      expect(
        trial.others.opened === 0,
        `under the keys of another deployment: ${trial.others.opened} of ${trial.others.tried} sealed values and tokens`,
      );
      expect(
        trial.own.opened > trial.own.tried * 0.9,
        `control: under its own keys ${trial.own.opened} of ${trial.own.tried}`,
      );
      await database.stop();

      const done = tell.text('one person erased, the clock moved, a backup put back');
      const erased = await eraseOne(system, { copy, work: join(work, 'erased') });
      done('');
      expect(
        erased.ofErased === 0,
        `after ${erased.unreadableAfter}, under every key that is left, of the erased person: ${erased.ofErased}`,
      );
      expect(erased.before >= 2, `control: before, under the same keys: ${erased.before}`);
      expect(
        erased.restored === erased.expected && erased.restored > 0,
        `of everybody else, readable in the backup that was put back: ${erased.restored} of ${erased.expected} contact points`,
      );
      return { counts, faults };
    } finally {
      await database.stop();
    }
  } finally {
    await system?.remove();
    await rm(work, { recursive: true, force: true });
  }
}

/** Values of people as they were typed, and what names there are in their postal addresses. */
function canariesOf(company: SampleCompany): Planted[] {
  const values = [...DEMO_CONTACTS.map(({ value }) => value), ...sampleContacts(company)];
  const few = values.slice(0, CANARIES);
  const postal = few.filter((value) => value.startsWith('〒'));
  return [
    ...plantedOf(few.filter((value) => !value.startsWith('〒') && /.{8}/.test(value))),
    ...postal.map((value, n) => ({ name: `postal ${n}`, kind: 'postal' as const, value })),
    ...postal.map((value, n) => ({
      name: `name ${n}`,
      kind: 'postal' as const,
      value: value.split(' ').slice(-2).join(' '),
    })),
  ];
}

/** So many of them, from all over the list: numbers and addresses. */
function spread(contacts: readonly Contact[], count: number): Contact[] {
  const every = Math.max(1, Math.floor(contacts.length / count));
  return contacts.filter((_, n) => n % every === 0).slice(0, count);
}

const isFound = ({ contact, how }: PlantedLeak, recovered: Recovered): boolean =>
  recovered.get(contact.id)?.has(how) === true;

/** In how many cases how; no value. */
function waysOf(recovered: Recovered): string {
  const ways = [...recovered.values()].flatMap((how) => [...how]);
  const counted = Object.entries(Object.groupBy(ways, (how) => how));
  return counted.map(([how, all]) => `, ${all?.length} ${how}`).join('');
}
