import TinyQueue from 'tinyqueue';
import type { JobId } from '../ids.ts';
import type { JobStore, ListedJob } from '../ports.ts';
import { nextOccurrence } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import { dueJobs } from './due-jobs.ts';
import { timingOf } from './timing.ts';

/** A due time of a job. */
export interface Upcoming {
  readonly dueAt: Instant;
  readonly jobId: JobId;
}

export interface UpcomingPage {
  readonly upcoming: readonly Upcoming[];
  readonly more: boolean;
  /** Whether there are more jobs than one answer looks at: then the due times of theirs are missing. */
  readonly allJobs: boolean;
}

/** The due times of all jobs after an instant, or after one of a job, and up to another: the nearest first, those of one instant by id. */
export async function listUpcoming(
  { jobs }: { readonly jobs: JobStore },
  {
    from,
    after,
    to,
    limit,
  }: { readonly from: Instant; readonly after?: Upcoming | undefined; readonly to: Instant; readonly limit: number },
): Promise<UpcomingPage> {
  const begin = after ? after.dueAt - 1 : from;
  const next = new TinyQueue<Upcoming & { readonly job: ListedJob }>([], (a, b) => order(a, b));
  const plan = (job: ListedJob, since: Instant) => {
    const dueAt = nextOccurrence(timingOf(job), since, to);
    if (dueAt !== undefined) next.push({ dueAt, jobId: job.id, job });
  };
  const { rows, all } = await dueJobs(jobs);
  for (const job of rows) plan(job, begin);
  const upcoming: Upcoming[] = [];
  for (let first = next.peek(); first && upcoming.length < limit; first = next.peek()) {
    next.pop();
    const { dueAt, jobId, job } = first;
    if (!after || order(first, after) > 0) upcoming.push({ dueAt, jobId });
    plan(job, dueAt);
  }
  return { upcoming, more: next.length > 0, allJobs: all };
}

function order(a: Upcoming, b: Upcoming): number {
  return a.dueAt - b.dueAt || (a.jobId < b.jobId ? -1 : a.jobId > b.jobId ? 1 : 0);
}
