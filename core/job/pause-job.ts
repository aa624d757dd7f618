import type { Result } from '../contract/problems.ts';
import { success } from '../contract/problems.ts';
import type { RunStore } from '../ports.ts';
import { keptUntil, pausedBecause } from '../run/reasons.ts';
import { occurrenceKey } from '../run/run.ts';
import { dueOf } from '../schedule/occurrences.ts';
import { type Condition, changeJob, withNewTiming } from './change-job.ts';
import { firstTickOf } from './first-ticks.ts';
import type { Job, Pause } from './job.ts';
import { effectivePolicies } from './policies.ts';
import type { ProjectPorts } from './project.ts';
import { timingOf } from './timing.ts';

/** Pauses a job: from now on nothing is due. Pausing a paused job changes nothing. */
export function pauseJob(ports: ProjectPorts, id: string, pause: Omit<Pause, 'at'>, match: Condition): Promise<Result<Job>> {
  return changeJob(ports, id, match, (job, at) =>
    success(job.paused ? job : withNewTiming(job, at, { paused: { ...pause, at }, firstTick: null })),
  );
}

/** Lets a paused job go on, on its grid; what fell into the pause is not made up for. Resuming an active job changes nothing. */
export function resumeJob(ports: ProjectPorts & { readonly runs: RunStore }, id: string, match: Condition): Promise<Result<Job>> {
  return changeJob(ports, id, match, async (job, now) => {
    if (!job.paused) return success(job);
    const timing = timingOf(job);
    const dueAt = timing.schedule.kind === 'at' ? dueOf(timing.schedule, timing.zone) : undefined;
    // Before the commit: once it is made, nobody would come back for the record.
    if (dueAt !== undefined && dueAt > job.paused.at && dueAt <= now) {
      const key = occurrenceKey(job, dueAt, keptUntil(dueAt, effectivePolicies(job.policies, undefined)));
      await ports.runs.record({ ...key, endedAt: now, attempts: [], ...pausedBecause(job.paused) });
    }
    return success(withNewTiming(job, now, { paused: null, firstTick: firstTickOf({ ...timing, since: now }, now) }));
  });
}
