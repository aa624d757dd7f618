import type { Result } from '../contract/problems.ts';
import { refused, success } from '../contract/problems.ts';
import { parseJobId } from '../ids.ts';
import type { JobStore } from '../ports.ts';
import type { Job } from './job.ts';

/** The job of that id; one that is being deleted is gone already. */
export async function getJob(jobs: JobStore, received: string): Promise<Result<Job>> {
  const id = parseJobId(received);
  const job = id && (await jobs.get(id));
  if (job && job.intent !== 'delete') return success(job);
  return refused('unknownJob', `There is no job ${JSON.stringify(received.slice(0, 100))}; GET /v1/jobs lists them.`);
}
