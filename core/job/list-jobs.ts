import type { JobId } from '../ids.ts';
import type { JobStore, ListedJob, RunStore } from '../ports.ts';
import type { Run } from '../run/run.ts';

/** Counting stops here; the total is then a minimum. */
export const COUNT_LIMIT = 10_000;
/** A page of up to this many rows carries each job's last run. */
export const ROWS_WITH_LAST_RUN = 25;

export interface JobPage {
  readonly rows: readonly { readonly job: ListedJob; readonly lastRun?: Run | null }[];
  /** Only on the first page. */
  readonly total?: number;
  readonly after: JobId | undefined;
}

/** One page of jobs in id order. */
export async function listJobs(
  ports: { jobs: JobStore; runs: RunStore },
  page: { after?: JobId | undefined; limit: number },
): Promise<JobPage> {
  const [{ jobs, more }, total] = await Promise.all([
    ports.jobs.list(page),
    page.after === undefined ? ports.jobs.count(COUNT_LIMIT + 1) : undefined,
  ]);
  const rows =
    page.limit > ROWS_WITH_LAST_RUN
      ? jobs.map((job) => ({ job }))
      : await Promise.all(jobs.map(async (job) => ({ job, lastRun: await lastRunOf(ports.runs, job) })));
  return { rows, after: more ? jobs.at(-1)?.id : undefined, ...(total !== undefined && { total }) };
}

/** The newest run of a job, whatever triggered it. */
export async function lastRunOf(runs: RunStore, job: Pick<ListedJob, 'uid'>): Promise<Run | null> {
  return (await runs.list(job.uid, { limit: 1 })).runs[0] ?? null;
}
