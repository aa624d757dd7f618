import { occurrencesBetween, type Timing } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import type { Job } from './job.ts';
import { timingOf } from './timing.ts';

/** A timing of a job and the stretch it governs: the due times after `from` and up to `until`. */
export interface Governing {
  readonly number: number;
  readonly timing: Timing;
  readonly from: Instant;
  readonly until: Instant;
}

/** The timings of a job that still count, the oldest first: earlier ones, and the current one unless the job is paused. */
export function governingTimings(job: Job): Governing[] {
  const earlier = job.previous.map((one) => ({ number: one.timing, timing: timingOf(one), from: one.timingFrom, until: one.until }));
  return job.paused ? earlier : [...earlier, { number: job.timing, timing: timingOf(job), from: job.timingFrom, until: Infinity }];
}

/** Whether a due time of the timing of that number is an occurrence of the job as it stands. */
export function isGoverned(job: Job, number: number, dueAt: Instant): boolean {
  return governingTimings(job).some((one) => one.number === number && dueAt > one.from && dueAt <= one.until);
}

/** A due time, and the number of the timing that governs it. */
export interface Due {
  readonly dueAt: Instant;
  readonly timing: number;
}

/** At most `limit` due times of a job strictly after an instant and up to another, in order. */
export function dueTimes(job: Job, after: Instant, upTo: Instant, limit: number): Due[] {
  const found: Due[] = [];
  for (const { number, timing, from, until } of governingTimings(job)) {
    const some = occurrencesBetween(timing, Math.max(after, from), Math.min(upTo, until), limit - found.length);
    found.push(...some.map((dueAt) => ({ dueAt, timing: number })));
  }
  return found;
}
