import type { EngineSchedule } from '../ports.ts';
import { compile } from '../schedule/compile.ts';
import type { Job } from './job.ts';
import { timingOf } from './timing.ts';

/** EventBridge does not say whether EndDate is inclusive: we ask for a minute more and decide at the tick. */
const END_MARGIN = 60_000;

/** The name of a job's schedule in EventBridge: readable there, and never that of a re-created namesake. */
export function scheduleName(job: Pick<Job, 'id' | 'uid'>): string {
  return `${job.id}.${job.uid}`;
}

/**
 * The whole schedule of a job, a pure function of what is stored; never a change to what EventBridge holds.
 *
 * An `at` or a rate without a first tick has none: what is still due is so soon that the delay queue alone keeps it.
 */
export function render(job: Job): EngineSchedule | undefined {
  const timing = timingOf(job);
  const { expression, timezone, ticks } = compile(timing);
  const isAt = timing.schedule.kind === 'at';
  // EventBridge fires a rate without a StartDate at once.
  const needsFirstTick = isAt || (timing.schedule.kind === 'rate' && ticks === 'exact' && !job.paused);
  if (needsFirstTick && job.firstTick === null) return undefined;
  return {
    name: scheduleName(job),
    module: job.module,
    expression,
    timezone,
    enabled: job.paused === null,
    start: isAt ? null : job.firstTick,
    end: isAt || job.end === null ? null : job.end + END_MARGIN,
    payload: { jobId: job.id, jobUid: job.uid, timing: job.timing },
    deleteAfterCompletion: isAt,
  };
}
