import type { ProjectPorts } from '../job/project.ts';
import type { Checkpoints, ModuleCatalog, Random, RunStore } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';

export interface ReconcilePorts extends ProjectPorts {
  readonly random: Random;
  readonly runs: RunStore;
  readonly aliveSince: Instant;
  readonly checkpoints: Checkpoints;
  readonly catalog: Pick<ModuleCatalog, 'find'>;
}

/** What a pass has done. */
export interface Tally {
  /** Committed changes that were carried out. */
  intents: number;
  /** Waiting runs that were sent for. */
  starts: number;
  /** Executions that were ended because their process was gone. */
  crashes: number;
  /** Jobs that were paused for their failures. */
  paused: number;
  /** Schedules that were missing or not as they should be. */
  repaired: number;
  /** Schedules without a job that were deleted. */
  removed: number;
  /** Due times without a record, that were sent to be run or recorded as missed. */
  gaps: number;
  /** What was left for the next pass because something failed. */
  failed: number;
}

/** Requests under way at once. */
const WIDTH = 16;

export interface RunningTally extends Tally {
  /** Does something with each item, several at a time; one that fails is counted and holds up no other. */
  each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void>;
  counts(): Tally;
}

export function tally(): RunningTally {
  return {
    intents: 0,
    starts: 0,
    crashes: 0,
    paused: 0,
    repaired: 0,
    removed: 0,
    gaps: 0,
    failed: 0,
    async each(items, work) {
      for (let from = 0; from < items.length; from += WIDTH) {
        const results = await Promise.allSettled(items.slice(from, from + WIDTH).map(work));
        this.failed += results.filter(({ status }) => status === 'rejected').length;
      }
    },
    counts() {
      const { each: _, counts: __, ...counts } = this;
      return counts;
    },
  };
}
