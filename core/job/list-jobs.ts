import type { JOB_STATES } from '../contract/queries.ts';
import type { JobId } from '../ids.ts';
import type { JobStore, ListedJob, RunStore } from '../ports.ts';
import { readMatching } from '../read-matching.ts';
import type { Run } from '../run/run.ts';
import { nextOccurrence } from '../schedule/occurrences.ts';
import type { Instant } from '../schedule/schedule.ts';
import { COUNT_LIMIT } from './count-jobs.ts';
import { timingOf } from './timing.ts';

/** A page whose rows carry their outcomes has at most so many. */
export const ROWS_WITH_OUTCOMES = 25;
/** The newest runs of each. */
const OUTCOMES = 20;

export type JobState = (typeof JOB_STATES)[number];

/** Which jobs to list; each member that is given narrows it down. */
export interface JobFilter {
  readonly module?: string | undefined;
  readonly tag?: string | undefined;
  readonly set?: string | undefined;
  readonly state?: JobState | undefined;
  /** A text within the id, the description, the module or a tag, in whatever case. */
  readonly q?: string | undefined;
}

export interface JobPage {
  readonly rows: readonly { readonly job: ListedJob; readonly runs?: readonly Run[] }[];
  /** Only on the first page; of a filter that was not read to its end, what was found so far. */
  readonly total?: { readonly count: number; readonly isMinimum: boolean };
  /** Where the next page begins; undefined at the end. */
  readonly after: JobId | undefined;
}

/** One page of jobs in id order: those that fit a filter, with their newest runs if those are asked for. */
export async function listJobs(
  { jobs, runs, count: countAll }: { readonly jobs: JobStore; readonly runs: RunStore; readonly count: () => Promise<number> },
  page: { readonly after?: JobId | undefined; readonly limit: number; readonly filter: JobFilter; readonly withOutcomes: boolean },
  now: Instant,
): Promise<JobPage> {
  const isFiltered = Object.values(page.filter).some((value) => value !== undefined);
  const isFirst = page.after === undefined;
  const read = async (last: ListedJob | undefined, limit: number) => {
    const found = await jobs.list({ after: last?.id ?? page.after, limit });
    return { rows: found.jobs, more: found.more };
  };
  const [{ rows, last }, count] = await Promise.all([
    readMatching(read, isFiltered ? matcher(page.filter, now) : undefined, page.limit),
    isFirst && !isFiltered ? countAll() : undefined,
  ]);
  const found = { count: rows.length, isMinimum: last !== undefined };
  const total = count === undefined ? found : { count: Math.min(count, COUNT_LIMIT), isMinimum: count > COUNT_LIMIT };
  const newest = async (job: ListedJob) => ({ job, runs: (await runs.list(job.uid, { limit: OUTCOMES })).runs });
  return {
    rows: page.withOutcomes ? await Promise.all(rows.map(newest)) : rows.map((job) => ({ job })),
    after: last?.id,
    ...(isFirst && { total }),
  };
}

function matcher({ module, tag, set, state, q }: JobFilter, now: Instant): (job: ListedJob) => boolean {
  const text = q?.toLowerCase();
  return (job) =>
    (module === undefined || job.module === module) &&
    (tag === undefined || job.tags.includes(tag)) &&
    (set === undefined || job.set === set) &&
    (text === undefined || [job.id, job.description ?? '', job.module, ...job.tags].some((part) => part.toLowerCase().includes(text))) &&
    (state === undefined || stateOf(job, job.paused ? undefined : nextOccurrence(timingOf(job), now)) === state);
}

/** A job is completed when nothing more can be due. */
export function stateOf({ paused }: ListedJob, nextDue: unknown): JobState {
  if (paused) return 'paused';
  return nextDue === undefined ? 'completed' : 'active';
}

/** The newest run of a job, whatever triggered it. */
export async function lastRunOf(runs: RunStore, job: Pick<ListedJob, 'uid'>): Promise<Run | null> {
  return (await runs.list(job.uid, { limit: 1 })).runs[0] ?? null;
}
