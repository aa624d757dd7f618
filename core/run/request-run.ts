import type { RunJobBody } from '../contract/bodies.ts';
import type { Result } from '../contract/problems.ts';
import { success } from '../contract/problems.ts';
import { base32, requestedRunId, SUFFIX_BYTES } from '../ids.ts';
import { checkInput } from '../job/check-input.ts';
import { findModule } from '../job/find-module.ts';
import { getJob } from '../job/get-job.ts';
import type { Clock, JobStore, ModuleCatalog, Queue, Random, RunStore } from '../ports.ts';
import type { WaitingRun } from './run.ts';

interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly jobs: JobStore;
  readonly runs: RunStore;
  readonly queue: Queue;
  readonly catalog: ModuleCatalog;
}

/** Asks for a run now; the job's schedule is left alone. The run is stored first, so that a lost message loses nothing. */
export async function requestRun(ports: Ports, id: string, body: RunJobBody): Promise<Result<WaitingRun>> {
  const found = await getJob(ports.jobs, id);
  if (!found.ok) return found;
  const job = found.value;
  const module = await findModule(ports.catalog, job.module, '/module');
  if (!module.ok) return module;
  if (body.input !== undefined) {
    const input = checkInput(body.input, module.value, '/input');
    if (!input.ok) return input;
  }
  const now = ports.clock.now();
  const run: WaitingRun = {
    jobId: job.id,
    jobUid: job.uid,
    runId: requestedRunId(now, base32(ports.random.bytes(SUFFIX_BYTES))),
    module: job.module,
    trigger: 'manual',
    dueAt: now,
    ...(body.input !== undefined && { input: body.input }),
    state: 'waiting',
    reason: 'manual',
  };
  await ports.runs.request(run);
  // A message that cannot be sent now is sent by the reconciler: the run is waiting in the table.
  const message = { kind: 'run', jobId: run.jobId, jobUid: run.jobUid, runId: run.runId } as const;
  await ports.queue.send([{ message, delaySeconds: 0 }]).catch(() => undefined);
  return success(run);
}
