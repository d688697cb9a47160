import { type ActName, type Actor, recordAct } from '@kyoka/access';
import type { RecordAnswers } from '@kyoka/intake';
import type { Clock } from '@kyoka/kernel';

/** Keeps who asked for the stops that an event made; each is named by the id under which it is shown. */
export const keepStops =
  (by: Actor, act: ActName, clock: Clock): RecordAnswers =>
  async (tx, answers) => {
    for (const target of answers.flatMap(({ stopActIds = [] }) => stopActIds)) {
      await recordAct(tx, { by, act, target, at: clock() });
    }
  };
