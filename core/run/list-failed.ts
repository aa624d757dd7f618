import type { JobStore, RunRef, RunStore } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import type { Run } from './run.ts';

/** Where a run stands among the failures. */
type Place = Omit<RunRef, 'jobId'>;

/** So many may fail within one millisecond and still be told apart by a page. */
const AT_ONCE = 100;

/** The runs of all jobs that failed or timed out for good, the newest first; those of jobs that are gone are left out. */
export async function listFailed(
  { jobs, runs }: { readonly jobs: JobStore; readonly runs: RunStore },
  { after, limit, now }: { readonly after?: Place | undefined; readonly limit: number; readonly now: Instant },
): Promise<{ readonly runs: readonly Run[]; readonly last: RunRef | undefined }> {
  const found = await runs.lastFailed(after?.at ?? now, limit + 1 + AT_ONCE);
  const rest = after ? found.filter((ref) => order(ref, after) > 0) : [...found];
  const page = rest.sort(order).slice(0, limit);
  const read = async (ref: RunRef) => {
    const [job, run] = await Promise.all([jobs.get(ref.jobId), runs.get(ref.jobUid, ref.runId)]);
    return job?.uid === ref.jobUid && job.intent !== 'delete' && run ? [run] : [];
  };
  return { runs: (await Promise.all(page.map(read))).flat(), last: rest.length > limit ? page.at(-1) : undefined };
}

/** The newest first. */
function order(a: Place, b: Place): number {
  return b.at - a.at || (a.jobUid < b.jobUid ? -1 : a.jobUid > b.jobUid ? 1 : 0) || (a.runId < b.runId ? -1 : a.runId > b.runId ? 1 : 0);
}
