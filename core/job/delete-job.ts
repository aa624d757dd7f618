import type { Result } from '../contract/problems.ts';
import { success } from '../contract/problems.ts';
import { type Condition, changeJob } from './change-job.ts';
import type { ProjectPorts } from './project.ts';

/** Deletes a job: once this is committed none of its ticks is accepted, whatever becomes of the schedule. */
export async function deleteJob(ports: ProjectPorts, id: string, match: Condition): Promise<Result<void>> {
  const deleted = await changeJob(ports, id, match, (job) => success({ ...job, intent: 'delete' }));
  return deleted.ok ? success(undefined) : deleted;
}
