import type { Result } from '../contract/problems.ts';
import { success } from '../contract/problems.ts';
import { runIdOf } from '../ids.ts';
import type { RunStore } from '../ports.ts';
import { dueOf } from '../schedule/occurrences.ts';
import { type Condition, changeJob, withNewTiming } from './change-job.ts';
import { firstTickOf } from './first-ticks.ts';
import type { Job } from './job.ts';
import type { ProjectPorts } from './project.ts';
import { timingOf } from './timing.ts';

/** Pauses a job: from now on nothing is due. Pausing a paused job changes nothing. */
export function pauseJob(ports: ProjectPorts, id: string, reason: string | null, match: Condition): Promise<Result<Job>> {
  return changeJob(ports, id, match, (job, at) =>
    success(job.paused ? job : withNewTiming(job, at, { paused: { by: 'user', reason, at }, firstTick: null })),
  );
}

/** Lets a paused job go on, on its grid; what fell into the pause is not made up for. Resuming an active job changes nothing. */
export async function resumeJob(ports: ProjectPorts & { readonly runs: RunStore }, id: string, match: Condition): Promise<Result<Job>> {
  let skipped: { job: Job; dueAt: number } | undefined;
  const resumed = await changeJob(ports, id, match, (job, now) => {
    skipped = undefined;
    if (!job.paused) return success(job);
    const timing = timingOf(job, now);
    const dueAt = timing.schedule.kind === 'at' ? dueOf(timing.schedule, timing.zone) : undefined;
    if (dueAt !== undefined && dueAt > job.paused.at && dueAt <= now) skipped = { job, dueAt };
    return success(withNewTiming(job, now, { paused: null, firstTick: firstTickOf(timing, now) }));
  });
  if (resumed.ok && skipped) await recordSkipped(ports, skipped.job, skipped.dueAt);
  return resumed;
}

/** An `at` that fell into the pause never runs: its record says why. */
async function recordSkipped({ runs, clock }: { runs: RunStore; clock: ProjectPorts['clock'] }, job: Job, dueAt: number): Promise<void> {
  await runs.record({
    jobId: job.id,
    jobUid: job.uid,
    runId: runIdOf(dueAt),
    module: job.module,
    trigger: 'schedule',
    dueAt,
    state: 'skipped',
    reason: 'paused',
    endedAt: clock.now(),
  });
}
