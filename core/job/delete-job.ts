import type { Result } from '../contract/problems.ts';
import { success } from '../contract/problems.ts';
import type { Clock, Engine, JobStore, Queue } from '../ports.ts';
import { getJob } from './get-job.ts';
import { projectIfPossible } from './project.ts';

interface Ports {
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly engine: Engine;
  readonly queue: Queue;
}

/** Deletes a job: once this is committed none of its ticks is accepted, whatever becomes of the schedule. */
export async function deleteJob(ports: Ports, id: string): Promise<Result<void>> {
  for (;;) {
    const found = await getJob(ports.jobs, id);
    if (!found.ok) return found;
    const job = { ...found.value, rev: found.value.rev + 1, intent: 'delete', updatedAt: ports.clock.now() } as const;
    if ((await ports.jobs.replace(job)) === 'stale') continue;
    await projectIfPossible(ports, job);
    return success(undefined);
  }
}
