import type { JobUid } from '../ids.ts';
import type { Job } from '../job/job.ts';
import { timingOf } from '../job/timing.ts';
import { occurrenceOf } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import type { Tick } from './message.ts';

/** Either the due time that a delivery stands for, or why it stands for none. */
export type Acceptance = { readonly dueAt: Instant } | { readonly dropped: 'noJob' | 'oldTiming' | 'notDue' };

/** Whether the job that a message was made for is still there, and not deleted or a later one of the same id. */
export function isThere(job: Job | undefined, uid: JobUid): job is Job {
  return job !== undefined && job.uid === uid && job.intent !== 'delete';
}

/**
 * Decides whether a delivery is an occurrence of the job as it stands.
 *
 * It is when it was made for the job's current timing, lies after the commit of that timing, and is one of its due times.
 */
export function accept(job: Job | undefined, tick: Tick): Acceptance {
  if (!isThere(job, tick.jobUid)) return { dropped: 'noJob' };
  if (job.timing !== tick.timing) return { dropped: 'oldTiming' };
  const dueAt = occurrenceOf(timingOf(job), tick.dueAt);
  return dueAt === undefined || dueAt <= job.timingFrom ? { dropped: 'notDue' } : { dueAt };
}
