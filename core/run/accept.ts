import type { JobUid } from '../ids.ts';
import type { Job } from '../job/job.ts';
import { timingOf } from '../job/timing.ts';
import { dueAtTick } from '../schedule/due.ts';
import { occurrencesBetween } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import type { Prime, Tick } from './message.ts';

/** Whether the job that a message was made for is still there, and not deleted or a later one of the same id. */
export function isThere(job: Job | undefined, uid: JobUid): job is Job {
  return job !== undefined && job.uid === uid && job.intent !== 'delete';
}

/**
 * Whether a due time of that timing is an occurrence of the job as it stands: of its current timing those after its commit,
 * of the one before those up to then.
 */
export function isGoverned(job: Job, timing: number, dueAt: Instant): boolean {
  const { previous } = job;
  if (timing === job.timing) return !job.paused && dueAt > job.timingFrom;
  return previous !== null && timing === previous.timing && dueAt > previous.from && dueAt <= previous.until;
}

/** The occurrences that a tick of EventBridge stands for: one, or those of a window. */
export function occurrencesOfTick(job: Job, { timing, dueAt: tick }: Tick): Instant[] {
  const made =
    timing === job.timing
      ? { members: job, from: job.timingFrom }
      : timing === job.previous?.timing
        ? { members: job.previous, from: job.previous.from }
        : undefined;
  if (!made) return [];
  return dueAtTick(timingOf(made.members, made.from), tick).filter((dueAt) => isGoverned(job, timing, dueAt));
}

/** The occurrences of a stretch that is to be put into the queue. */
export function occurrencesOfPrime(job: Job, { timing, from, to }: Prime): Instant[] {
  if (timing !== job.timing || job.paused) return [];
  return occurrencesBetween(timingOf(job, job.timingFrom), Math.max(from - 1, job.timingFrom), to - 1, MOST_PRIMED);
}

/** One a second for 15 minutes. */
const MOST_PRIMED = 900;
