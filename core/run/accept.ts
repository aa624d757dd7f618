import type { JobUid } from '../ids.ts';
import { governingTimings } from '../job/due-times.ts';
import type { Job } from '../job/job.ts';
import { compile } from '../schedule/compile.ts';
import { dueAtTick } from '../schedule/due.ts';
import { occurrencesBetween } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import type { Prime, Tick } from './received.ts';

/** Whether the job that a message was made for is still there, and not deleted or a later one of the same id. */
export function isThere(job: Job | undefined, uid: JobUid): job is Job {
  return job !== undefined && job.uid === uid && job.intent !== 'delete';
}

/** The occurrences that a tick of EventBridge stands for: one, or those of a window, which are to be queued. */
export function occurrencesOfTick(job: Job, tick: Tick): { readonly dueAts: readonly Instant[]; readonly isWindow: boolean } {
  const made = governingTimings(job).find(({ number }) => number === tick.timing);
  if (!made) return { dueAts: [], isWindow: false };
  const compiled = compile(made.timing);
  const dueAts = dueAtTick(made.timing, tick.dueAt, compiled).filter((dueAt) => dueAt > made.from && dueAt <= made.until);
  return { dueAts, isWindow: compiled.ticks === 'windowed' };
}

/** The occurrences of a stretch that is to be put into the queue, as far as its timing governed it. */
export function occurrencesOfPrime(job: Job, { timing, from, to }: Prime): Instant[] {
  const made = governingTimings(job).find(({ number }) => number === timing);
  if (!made) return [];
  return occurrencesBetween(made.timing, Math.max(from - 1, made.from), Math.min(to - 1, made.until), MOST_PRIMED);
}

/** One a second for 15 minutes. */
const MOST_PRIMED = 900;
