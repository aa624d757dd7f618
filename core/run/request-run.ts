import type { RunJobBody } from '../contract/bodies.ts';
import type { Result } from '../contract/problems.ts';
import { refused, success } from '../contract/problems.ts';
import { requestedRunId } from '../ids.ts';
import { checkInput } from '../job/check-input.ts';
import { findModule } from '../job/find-module.ts';
import { getJob } from '../job/get-job.ts';
import type { Job } from '../job/job.ts';
import { effectivePolicies } from '../job/policies.ts';
import type { Clock, JobStore, ModuleCatalog, ModuleManifest, Queue, RunStore } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import { sendStart } from './conclude.ts';
import { getRun } from './get-runs.ts';
import { keptUntil } from './reasons.ts';
import { isEnded, unstartedFrom, type WaitingRun } from './run.ts';

/** What it takes to ask for a run. */
export interface RequestPorts {
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly runs: RunStore;
  readonly queue: Queue;
  readonly catalog: ModuleCatalog;
}

/** What the id of a requested run is made of: the same request, repeated, is the same run. */
export interface RequestIdentity {
  readonly at: Instant;
  /** Eight letters of base 32. */
  readonly suffix: string;
}

/** Asks for a run now; the job's schedule is left alone. */
export async function requestRun(
  ports: RequestPorts,
  id: string,
  body: RunJobBody,
  identity: RequestIdentity,
): Promise<Result<WaitingRun>> {
  const found = await getJob(ports.jobs, id);
  if (!found.ok) return found;
  return store(ports, found.value, identity, { trigger: 'manual', dueAt: identity.at, input: body.input });
}

/** Asks that a run which has ended be done again, as a new run for the same due time and with the same input. */
export async function retryRun(ports: RequestPorts, id: string, runId: string, identity: RequestIdentity): Promise<Result<WaitingRun>> {
  const found = await getJob(ports.jobs, id);
  if (!found.ok) return found;
  const run = await getRun(ports, id, runId);
  if (!run.ok) return run;
  const { state, dueAt, input, runId: retryOf } = run.value;
  if (!isEnded(run.value)) {
    return refused('notEnded', `The run ${retryOf} is ${state}; cancel it first, or wait for its end.`);
  }
  return store(ports, found.value, identity, { trigger: 'retry', dueAt, input, retryOf });
}

async function store(
  ports: RequestPorts,
  job: Job,
  { at, suffix }: RequestIdentity,
  { input: received, ...asked }: Pick<WaitingRun, 'trigger' | 'dueAt' | 'retryOf'> & { readonly input: unknown },
): Promise<Result<WaitingRun>> {
  const module = await findModule(ports.catalog, job.module, '/module');
  if (!module.ok) return module;
  const checked: Result<unknown> =
    received === undefined ? success(undefined) : await checkInput(received, module.value, '/input', job.input);
  if (!checked.ok) return checked;
  const input = checked.value;
  const run = requestedOf(job, module.value, { at, suffix }, { ...asked, ...(input !== undefined && { input }) });
  await storeRequested(ports, run);
  return success(run);
}

/** The run that a request asks for, to start at once. */
export function requestedOf(
  job: Job,
  module: ModuleManifest,
  { at, suffix }: RequestIdentity,
  asked: Pick<WaitingRun, 'trigger' | 'dueAt' | 'retryOf' | 'input'>,
): WaitingRun {
  return {
    jobId: job.id,
    jobUid: job.uid,
    runId: requestedRunId(at, suffix),
    module: job.module,
    ...asked,
    keptUntil: keptUntil(at, effectivePolicies(job.policies, module.policies)),
    state: 'waiting',
    reason: 'manual',
    until: at,
    attempt: 0,
    attempts: [],
    fence: 0,
    locked: false,
    late: false,
  };
}

/** The run is stored before it is sent for, so that a lost message loses nothing. */
export async function storeRequested(ports: Pick<RequestPorts, 'runs' | 'queue' | 'clock'>, run: WaitingRun): Promise<void> {
  await ports.runs.request(run);
  await sendStart(ports, run);
}

/** Cancels a run: one that waits at once, one that is running when it next looks, within five seconds. */
export async function cancelRun(ports: RequestPorts, id: string, runId: string): Promise<Result<'cancelled' | 'asked'>> {
  for (let races = 0; races < MAX_RACES; races++) {
    const found = await getRun(ports, id, runId);
    if (!found.ok) return found;
    const run = found.value;
    if (run.state === 'waiting') {
      if (await cancelWaiting(ports, run)) return success('cancelled');
    } else if (run.state === 'running') {
      if ((await ports.runs.cancel(run.jobUid, run.runId, ports.clock.now())) === 'asked') return success('asked');
    } else return refused('ended', `The run ${run.runId} has ended: it is ${run.state}.`);
  }
  return refused('unavailable', `The run "${runId}" changes all the time; try again.`);
}

/** A run goes from waiting to running and back at most once an attempt. */
const MAX_RACES = 25;

async function cancelWaiting({ runs, clock }: RequestPorts, run: WaitingRun): Promise<boolean> {
  const message = run.attempt === 0 ? 'It was cancelled before it began.' : `It was cancelled before attempt ${run.attempt + 1}.`;
  const ended = unstartedFrom(run, { state: 'cancelled', message }, clock.now());
  if ((await runs.endWaiting(ended, run.fence)) === 'gone') return false;
  if (run.locked) await runs.unlock(run);
  return true;
}
