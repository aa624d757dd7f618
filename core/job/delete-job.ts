import type { Result } from '../contract/problems.ts';
import { success } from '../contract/problems.ts';
import { getJob } from './get-job.ts';
import { type ProjectPorts, projectIfPossible } from './project.ts';
import { scheduleName } from './render.ts';

/** Deletes a job: once this is committed none of its ticks is accepted, whatever becomes of the schedule. */
export async function deleteJob(ports: ProjectPorts, id: string): Promise<Result<void>> {
  for (;;) {
    const found = await getJob(ports.jobs, id);
    if (!found.ok) return found;
    const job = { ...found.value, rev: found.value.rev + 1, intent: 'delete', updatedAt: ports.clock.now() } as const;
    if ((await ports.jobs.replace(job)) === 'stale') continue;
    // Another write may still be on its way to EventBridge and land after our delete: then the job is kept, deleted, until
    // the reconciler has removed the schedule once more.
    if (found.value.intent === null) await projectIfPossible(ports, job);
    else await ports.engine.remove(scheduleName(job)).catch(() => undefined);
    return success(undefined);
  }
}
