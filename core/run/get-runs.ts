import type { Result } from '../contract/problems.ts';
import { refused, success } from '../contract/problems.ts';
import type { RunId } from '../ids.ts';
import { parseRunId } from '../ids.ts';
import { getJob } from '../job/get-job.ts';
import type { JobStore, RunStore } from '../ports.ts';
import { readMatching } from '../read-matching.ts';
import type { Run, RunState } from './run.ts';

interface Ports {
  readonly jobs: JobStore;
  readonly runs: RunStore;
}

/** One run of a job with its log tail, output and error. */
export async function getRun(ports: Ports, jobId: string, receivedRunId: string): Promise<Result<Run>> {
  const job = await getJob(ports.jobs, jobId);
  if (!job.ok) return job;
  const runId = parseRunId(receivedRunId);
  const run = runId && (await ports.runs.get(job.value.uid, runId));
  if (run) return success(run);
  return refused(
    'unknownRun',
    `The job "${job.value.id}" has no run ${JSON.stringify(receivedRunId.slice(0, 100))}; GET /v1/jobs/${job.value.id}/runs lists them.`,
  );
}

/** One page of a job's runs, the newest first; only those in a state, if one is given. */
export async function listRuns(
  ports: Ports,
  jobId: string,
  { before, limit, state }: { readonly before?: RunId | undefined; readonly limit: number; readonly state?: RunState | undefined },
): Promise<Result<{ runs: readonly Run[]; before: RunId | undefined }>> {
  const job = await getJob(ports.jobs, jobId);
  if (!job.ok) return job;
  const read = async (last: Run | undefined, some: number) => {
    const { runs, more } = await ports.runs.list(job.value.uid, { before: last?.runId ?? before, limit: some });
    return { rows: runs, more };
  };
  const { rows, last } = await readMatching(read, state && ((run) => run.state === state), limit);
  return success({ runs: rows, before: last?.runId });
}
