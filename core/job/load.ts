import type { JobStore, ListedJob } from '../ports.ts';
import { countPerHour } from '../schedule/count.ts';
import type { Timing } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import { dueJobs } from './due-jobs.ts';
import { timingOf } from './timing.ts';

const HOUR = 3_600_000;

/** How many runs of all jobs are due in each hour. */
export interface Load {
  /** When the first hour begins: the one that an instant lies in. */
  readonly from: Instant;
  readonly starts: readonly number[];
  /** Whether there are no more jobs than one answer looks at. */
  readonly allJobs: boolean;
}

/** Counts the due times of all jobs by the hours of UTC, from the hour of an instant on. */
export async function loadFrom({ jobs }: { readonly jobs: JobStore }, instant: Instant, days: number): Promise<Load> {
  const from = Math.floor(instant / HOUR) * HOUR;
  const starts = Array.from({ length: days * 24 }, () => 0);
  const { rows, all } = await dueJobs(jobs);
  for (const { timing, jobs: count } of distinct(rows)) {
    for (const [hour, due] of countPerHour(timing, from, starts.length).entries()) starts[hour] = (starts[hour] ?? 0) + due * count;
  }
  return { from, starts, allJobs: all };
}

/** Many jobs have their due times in common. */
function distinct(rows: readonly ListedJob[]): Iterable<{ readonly timing: Timing; jobs: number }> {
  const found = new Map<string, { readonly timing: Timing; jobs: number }>();
  for (const job of rows) {
    const timing = timingOf(job);
    const { schedule, timezone, start, end, anchor } = job;
    const key = JSON.stringify([schedule, timezone, start, end, timing.schedule.kind === 'rate' && anchor]);
    const same = found.get(key);
    if (same) same.jobs += 1;
    else found.set(key, { timing, jobs: 1 });
  }
  return found.values();
}
