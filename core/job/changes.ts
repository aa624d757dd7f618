import { sameJson } from '../contract/json.ts';
import type { Change, Job } from './job.ts';

/** So many revisions are kept with a job. */
const KEPT = 10;
/** The members that are a user's to change. */
const MEMBERS = ['module', 'schedule', 'timezone', 'start', 'end', 'input', 'policies', 'description', 'tags', 'set', 'paused'] as const;

/** A job with its revision noted among the last ones. */
export function noted(job: Job, before: Job | undefined, by: string | undefined): Job {
  const changed = before ? MEMBERS.filter((name) => !sameJson(job[name], before[name])) : [];
  const change: Change = { rev: job.rev, at: job.updatedAt, by: by ?? null, changed };
  return { ...job, changes: [...job.changes, change].slice(-KEPT) };
}
