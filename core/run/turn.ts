import { base32, type JobUid, SUFFIX_BYTES } from '../ids.ts';
import type { Clock, Random, RunStore } from '../ports.ts';

/** Whoever crashes in its turn holds up the others for this long; no turn takes longer. */
const LONGEST = 60_000;
/** How often and for how long others wait for theirs. */
const PAUSE = 500;
const PATIENCE = 30_000;

export interface TurnPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly runs: RunStore;
}

/**
 * Does something about late due times of a job while nobody else does.
 *
 * A stretch of missed due times is one record, so no condition on a write can tell that one in its middle has been claimed
 * meanwhile: those that look and then write take turns. Rejects when the turn does not come, to be delivered again. A turn in which
 * something failed is not given back but runs out: a write that was given up may still be carried out.
 */
export async function inTurn<T>({ clock, random, runs }: TurnPorts, jobUid: JobUid, work: () => Promise<T>): Promise<T> {
  const owner = base32(random.bytes(SUFFIX_BYTES));
  const patience = clock.now() + PATIENCE;
  while (!(await runs.takeTurn(jobUid, owner, clock.now(), clock.now() + LONGEST))) {
    if (clock.now() >= patience) throw new Error(`late due times of the job ${jobUid} are being looked at by others`);
    await clock.wait(PAUSE);
  }
  const done = await work();
  await runs.endTurn(jobUid, owner).catch(() => undefined);
  return done;
}
