import type { JobStore, ListedJob } from '../ports.ts';
import { readMatching } from '../read-matching.ts';
import { zoneNamed } from '../schedule/zone.ts';

/** The jobs that have due times, as many as one answer looks at; `all` says whether there are no more. */
export async function dueJobs(jobs: JobStore): Promise<{ readonly rows: readonly ListedJob[]; readonly all: boolean }> {
  const read = async (last: ListedJob | undefined, some: number) => {
    const page = await jobs.list({ after: last?.id, limit: some });
    return { rows: page.jobs, more: page.more };
  };
  // Nobody here knows when a job of a zone that this machine lacks is due.
  const isKnown = (job: ListedJob) => !job.paused && zoneNamed(job.timezone) !== undefined;
  const { rows, last } = await readMatching(read, isKnown, Number.POSITIVE_INFINITY);
  return { rows, all: last === undefined };
}
